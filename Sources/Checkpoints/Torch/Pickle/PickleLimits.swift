/// How much a pickle may ask for; far above what checkpoints need.
enum PickleLimits {
  /// Largest pickle, in bytes.
  static let bytes = 64 << 20
  /// Largest string, in bytes.
  static let string = 1 << 20
  /// Most values on the stack.
  static let stack = 100_000
  /// Most open marks.
  static let marks = 1000
  /// Deepest nesting of tuples, lists and dictionaries.
  static let depth = 64
  /// Memo slots are below this.
  static let memo = 1 << 20
  /// Most tuples, lists and dictionaries.
  static let collections = 1 << 20
  /// Most strings.
  static let strings = 2 << 20
  /// Most elements of all collections together.
  static let elements = 8 << 20
  /// Most tensors.
  static let tensors = 100_000
}
