/// What the operating system can refuse when workers and their memory are set up.
public enum WorkersError: Error, Equatable, Sendable {
  /// The system gave no memory for a buffer of `bytes`; `errno` says why.
  case allocation(bytes: Int, errno: Int32)
  /// A worker thread could not be created; `errno` says why.
  case threadCreation(errno: Int32)
  /// More threads were asked for than this process may use; `reason` says what limits it.
  case tooManyThreads(requested: Int, allowed: Int, reason: Topology.Limit)
  /// hwloc does not understand this synthetic description.
  case syntheticTopology(description: String)
}

extension WorkersError {
  /// The stable identifier of the cause, for errors that hand it on.
  public var code: String {
    switch self {
    case .allocation: "memory.system"
    case .threadCreation: "threads.system"
    case .tooManyThreads, .syntheticTopology: "usage.value"
    }
  }
}

extension WorkersError: CustomStringConvertible {
  /// The cause in words, with its values.
  public var description: String {
    switch self {
    case .allocation(let bytes, let errno):
      return "the system gave no memory for \(bytes) bytes (errno \(errno))"
    case .threadCreation(let errno):
      return "the system gave no further thread (errno \(errno))"
    case .tooManyThreads(let requested, let allowed, let reason):
      return "\(requested) threads asked for, \(allowed) allowed (\(reason))"
    case .syntheticTopology(let description):
      return "hwloc does not understand the topology \"\(description)\""
    }
  }
}
