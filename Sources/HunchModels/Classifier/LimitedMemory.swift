/// The curvature that L-BFGS remembers: the last steps and the changes of the gradient along them
/// (Nocedal 1980; Liu & Nocedal 1989).
///
/// The two-loop recursion works on the inner products of the remembered vectors and gives the
/// direction as coefficients of them (Chen, Wang & Zhou 2014, "Large-scale L-BFGS using
/// MapReduce"): each vector is read twice an iteration rather than five times.
struct LimitedMemory {
  private let capacity: Int
  private let parallel: Parallelism
  private let bounds: [Int]
  /// Steps at 0..<capacity, changes of the gradient after them; empty where nothing is stored yet.
  private var vectors: [[Float]]
  /// Inner products of the vectors, flat.
  private var products: [Double]
  /// The places of the stored pairs, oldest first.
  private var order: [Int] = []

  init(capacity: Int, bounds: [Int], parallel: Parallelism) {
    self.capacity = capacity
    self.bounds = bounds
    self.parallel = parallel
    vectors = [[Float]](repeating: [], count: 2 * capacity)
    products = [Double](repeating: 0, count: 4 * capacity * capacity)
  }

  /// Forgets everything.
  mutating func reset() { order = [] }

  /// Remembers a pair and returns the direction of descent at a gradient.
  ///
  /// A pair without positive curvature, which only rounding can produce here, makes it forget
  /// everything and go straight down.
  mutating func direction(step: [Float], change: [Float], gradient: [Float]) -> [Float] {
    let place = order.count < capacity ? order.count : order.removeFirst()
    vectors[place] = step
    vectors[capacity + place] = change
    order.append(place)
    let basis = order + order.map { $0 + capacity }
    let sums = LimitedMemory.products(
      of: [step, change, gradient], with: basis.map { vectors[$0] }, bounds, parallel)
    for (index, other) in basis.enumerated() {
      set(place, other, sums[3 * index])
      set(capacity + place, other, sums[3 * index + 1])
    }
    guard product(place, capacity + place) > 0, product(capacity + place, capacity + place) > 0
    else {
      reset()
      return combination(gradient, stored: [], coefficients: [-1])
    }
    let withGradient = basis.indices.map { sums[3 * $0 + 2] }
    let coefficients = recursion(basis: basis, withGradient: withGradient)
    return combination(gradient, stored: basis, coefficients: coefficients)
  }

  /// The two loops, on coefficients of the basis and (last) of the gradient.
  private func recursion(basis: [Int], withGradient: [Double]) -> [Double] {
    let pairs = order.count
    var coefficients = [Double](repeating: 0, count: 2 * pairs + 1)
    coefficients[2 * pairs] = -1
    func inner(_ index: Int) -> Double {
      var sum = coefficients[2 * pairs] * withGradient[index]
      for other in 0..<2 * pairs {
        sum += coefficients[other] * product(basis[other], basis[index])
      }
      return sum
    }
    var alphas = [Double](repeating: 0, count: pairs)
    for pair in (0..<pairs).reversed() {
      alphas[pair] = inner(pair) / product(basis[pair], basis[pairs + pair])
      coefficients[pairs + pair] -= alphas[pair]
    }
    let last = 2 * pairs - 1
    let scale = product(basis[pairs - 1], basis[last]) / product(basis[last], basis[last])
    for index in coefficients.indices { coefficients[index] *= scale }
    for pair in 0..<pairs {
      let beta = inner(pairs + pair) / product(basis[pair], basis[pairs + pair])
      coefficients[pair] += alphas[pair] - beta
    }
    return coefficients
  }

  private func combination(
    _ gradient: [Float], stored: [Int], coefficients: [Double]
  ) -> [Float] {
    LimitedMemory.combination(
      of: stored.map { vectors[$0] } + [gradient], coefficients.map { Float($0) }, bounds,
      parallel)
  }

  private func product(_ first: Int, _ second: Int) -> Double {
    products[first * 2 * capacity + second]
  }

  private mutating func set(_ first: Int, _ second: Int, _ value: Double) {
    products[first * 2 * capacity + second] = value
    products[second * 2 * capacity + first] = value
  }
}
