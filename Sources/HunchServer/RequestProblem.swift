import Hunch
import NIOHTTP1

/// What is wrong with a request. No case carries anything of the request but numbers, so that no
/// text of a document comes back or into a log.
enum RequestProblem: Error, Equatable {
  case foreignHost
  case foreignSite
  case noRoute
  case wrongMethod(allowed: String)
  case tooLarge(limit: Int)
  case wrongType
  case compressed
  /// What the body says cannot be answered.
  case body(PredictionRequest.Problem)
  case failed

  var status: HTTPResponseStatus {
    switch self {
    case .foreignHost, .foreignSite: .forbidden
    case .noRoute: .notFound
    case .wrongMethod: .methodNotAllowed
    case .tooLarge, .body(.tooManyTexts): .payloadTooLarge
    case .compressed, .wrongType: .unsupportedMediaType
    case .body: .badRequest
    case .failed: .internalServerError
    }
  }

  /// A word for programs.
  var code: String {
    switch self {
    case .foreignHost: "foreign_host"
    case .foreignSite: "foreign_site"
    case .noRoute: "not_found"
    case .wrongMethod: "method_not_allowed"
    case .tooLarge: "body_too_large"
    case .wrongType: "unsupported_type"
    case .compressed: "unsupported_encoding"
    case .body(let problem): problem.code
    case .failed: "internal"
    }
  }

  /// A sentence for people: what is wrong and what to send.
  var message: String {
    switch self {
    case .foreignHost:
      "'Host' names neither this machine nor the address that is served: start the server with "
        + "--allow-host and the name that clients use"
    case .foreignSite: "the request comes from a page of another site"
    case .noRoute: "there is no such route; there are \(Route.list)"
    case .wrongMethod(let allowed): "this route takes \(allowed) only"
    case .tooLarge(let limit):
      "the body has more than \(limit) bytes: send fewer texts at a time, or start the server "
        + "with a larger --body-limit"
    case .wrongType:
      "the body is not of the type application/json: send that as Content-Type, or none"
    case .compressed: "the body is compressed: send it as it is"
    case .body(let problem): problem.message
    case .failed: "the server failed to answer this request"
    }
  }
}

extension PredictionRequest.Problem {
  fileprivate var code: String {
    switch self {
    case .notUTF8: "not_utf8"
    case .notJSON: "not_json"
    case .noText: "missing_text"
    case .textAndTexts: "text_and_texts"
    case .repeatedKey: "repeated_key"
    case .textIsNoString, .textsAreNoStrings: "not_a_string"
    case .tooManyTexts: "too_many_texts"
    }
  }

  fileprivate var message: String {
    let form = #"send {"text": "…"}, {"texts": ["…", …]} or ["…", …]"#
    return switch self {
    case .notUTF8: "the body is not valid UTF-8: \(form)"
    case .notJSON: "the body is not valid JSON: \(form)"
    case .noText: "the body has neither 'text' nor 'texts': \(form)"
    case .textAndTexts: "the body has both 'text' and 'texts': \(form)"
    case .repeatedKey(let key): "the body has the key '\(key)' more than once: \(form)"
    case .textIsNoString: "'text' is not a string: \(form)"
    case .textsAreNoStrings(let element):
      "\(element.map { "text \($0 + 1) of the list is not a string" } ?? "'texts' is not a list"): "
        + form
    case .tooManyTexts(let limit):
      "the body has more than \(limit) texts: send fewer at a time, or start the server with a "
        + "larger --text-limit"
    }
  }
}

/// The routes of the server.
enum Route: String, CaseIterable {
  case predict = "/predict"
  case health = "/health"
  case metrics = "/metrics"

  var method: HTTPMethod { self == .predict ? .POST : .GET }

  /// Whether the route takes a method; whoever may get may also ask for the head alone.
  func takes(_ method: HTTPMethod) -> Bool {
    method == self.method || self.method == .GET && method == .HEAD
  }

  /// The methods that it takes, as `Allow` names them.
  var allowed: String { method == .GET ? "GET, HEAD" : method.rawValue }

  /// The routes with their methods.
  static let all = allCases.map { "\($0.method.rawValue) \($0.rawValue)" }
  static let list = all.joined(separator: ", ")
}
