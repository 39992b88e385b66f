import Checkpoints

/// The tensors of a checkpoint by name, as far as they can be weights.
struct TensorIndex {
  /// Names in the order of the file.
  let names: [String]
  private let tensors: [String: Tensor]

  init(_ checkpoint: Checkpoint) { self.init(checkpoint.tensors) }

  /// Counters that normalisation layers of other frameworks leave behind are not weights.
  init(_ all: [Tensor]) {
    let weights = all.filter {
      $0.elementType.isFloatingPoint || !$0.name.hasSuffix("num_batches_tracked")
    }
    names = weights.map(\.name)
    tensors = Dictionary(weights.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The tensors whose names begin with a prefix.
  func part(_ prefix: String) -> TensorIndex {
    TensorIndex(names.filter { $0.hasPrefix(prefix) }.compactMap { tensors[$0] })
  }

  /// The tensors whose names begin with none of some prefixes.
  func without(_ prefixes: [String]) -> TensorIndex {
    TensorIndex(
      names.filter { name in !prefixes.contains { name.hasPrefix($0) } }.compactMap { tensors[$0] })
  }

  subscript(name: String) -> Tensor? { tensors[name] }

  /// Size of a tensor along one axis, if it is there and has that axis.
  func size(_ name: String, axis: Int) -> Int? {
    guard let shape = tensors[name]?.shape, axis < shape.count else { return nil }
    return shape[axis]
  }

  /// One more than the largest number between `prefix` and `suffix` in a name, or 0.
  ///
  /// Numbers as large as the count of tensors cannot be honest; they are left to be reported as
  /// unknown names, so that a name cannot ask for a table of any length.
  func count(of prefix: String, _ suffix: String) -> Int {
    var largest = -1
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
      guard let number = Int(digits), String(number) == digits, number < names.count else {
        continue
      }
      largest = max(largest, number)
    }
    return largest + 1
  }
}
