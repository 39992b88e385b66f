/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, Sendable {
  /// A checkpoint lacks a tensor of the network.
  case tensorMissing(String)
  /// A tensor has other sizes than the network needs.
  case tensorShape(String, found: [Int], needed: [Int])
}
