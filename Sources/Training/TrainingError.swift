import Files
import MessagePassing
import Workers

/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, Sendable {
  /// A checkpoint lacks a tensor of the network.
  case tensorMissing(String)
  /// A tensor has other sizes than the network needs.
  case tensorShape(String, found: [Int], needed: [Int])
  /// The system gave no memory.
  case memory(WorkersError)
  /// The processes that train together cannot go on.
  case group(ProcessGroupError)
  /// A checkpoint to go on from lacks a number, or has something else in its place.
  case stateValue(key: String, found: String?)
}

extension TrainingError: ReportableError {
  /// The identifier of the cause.
  public var code: String {
    switch self {
    case .tensorMissing, .tensorShape, .stateValue: "model.mismatch"
    case .memory: "memory.system"
    case .group(let error): error.code
    }
  }

  /// The caller knows the file.
  public var subject: String? { nil }

  /// The cause in words, with its values.
  public var message: String {
    switch self {
    case .tensorMissing(let name): "has no tensor \(Escaping.text(name)), which the network needs"
    case .tensorShape(let name, let found, let needed):
      "tensor \(Escaping.text(name)) is \(sizes(found)); the network needs \(sizes(needed))"
    case .memory(let error): error.description
    case .group(let error): error.message
    case .stateValue(let key, let found?):
      "metadata \(Escaping.text(key)) is \(Escaping.text(found)), not a count; "
        + "go on from a checkpoint that arssr train has written"
    case .stateValue(let key, nil):
      "has no metadata \(Escaping.text(key)), so training cannot go on from it; "
        + "to begin with its weights use --init"
    }
  }

  private func sizes(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " x ")
  }
}

extension TrainingError {
  /// Runs work that fails for want of memory alone.
  static func ofMemory<Value>(
    _ work: () throws(WorkersError) -> Value
  ) throws(TrainingError) -> Value {
    do { return try work() } catch { throw .memory(error) }
  }

  /// Runs work that fails for other processes alone.
  static func ofGroup<Value>(
    _ work: () throws(ProcessGroupError) -> Value
  ) throws(TrainingError) -> Value {
    do { return try work() } catch { throw .group(error) }
  }
}
