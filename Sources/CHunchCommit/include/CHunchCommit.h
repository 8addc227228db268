/// The commit of which this program was built, with "-dirty" for a tree with changes; empty if the
/// build did not say.
const char *hunch_commit(void);
