import Files
import KernelInterface
import Volumes
import Workers

/// Why a call was refused or broken off.
///
/// Every cause has a stable ``code``, the same as that of the command's messages and JSON reports,
/// and the exit ``status`` that the command would end with.
public enum SuperResolutionError: ReportableError {
  /// What a part of the library found, and which kind of file it is about.
  case part(any ReportableError, about: ExitStatus.Subject)
  /// The system refused memory or threads, or more threads were asked for than there are.
  case system(WorkersError)
  /// The CPU lacks an instruction set; it has the others.
  case instructionSet(InstructionSet, available: [InstructionSet])
  /// Voxels in memory are NaN, infinite or beyond `Volume.largestMagnitude`.
  case notFinite(count: Int, of: Int)
  /// An array does not have a value for every voxel of its grid.
  case unlikeCounts(values: Int, voxels: Int)
  /// A mask's field of view lies elsewhere.
  case maskElsewhere(millimetres: Double)
  /// A text stands for none of the values that an argument may have.
  case argument(name: String, value: String, wanted: String)
  /// Arguments exclude each other.
  case conflict(names: [String], reason: String)
  /// An error that no part of the library names.
  case unexpected(String)
}

extension SuperResolutionError {
  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .part(let error, _): error.code
    case .system(let error): error.code
    case .argument: "usage.value"
    case .conflict: "usage.conflict"
    case .instructionSet: "feature.missing"
    case .notFinite: "volume.nonfinite"
    case .unlikeCounts: "volume.dim"
    case .maskElsewhere: "volume.overlap"
    case .unexpected: "internal"
    }
  }

  /// The file or argument concerned.
  public var subject: String? {
    switch self {
    case .part(let error, _): error.subject
    case .argument(let name, _, _): name
    case .conflict(let names, _): names.joined(separator: ", ")
    case .maskElsewhere: "mask"
    case .system, .instructionSet, .notFinite, .unlikeCounts, .unexpected: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .part(let error, _): error.message
    case .system(let error): error.description
    case .instructionSet(let set, let available):
      "this CPU does not have \(set.rawValue); it has "
        + available.map(\.rawValue).joined(separator: ", ")
    case .notFinite(let count, let total):
      "\(count) of \(total) voxels are NaN, infinite or beyond 1e36; ask for zeros in their place "
        + "to go on"
    case .unlikeCounts(let values, let voxels):
      "holds \(values) values for \(voxels) voxels"
    case .maskElsewhere(let millimetres):
      "its field of view lies \(Float(millimetres)) mm from that of the volume"
    case .argument(_, let value, let wanted): "is \(Escaping.text(value)), must be \(wanted)"
    case .conflict(_, let reason): reason
    case .unexpected(let text): text
    }
  }

  /// The exit status of the command for the same cause.
  public var status: ExitStatus {
    if case .part(let error, let subject) = self {
      return ExitStatus(code: error.code, subject: subject)
    }
    return ExitStatus(code: code, subject: .volume)
  }

  /// Runs work of the parts below, so that only errors of this type come out.
  static func of<Value>(
    _ subject: ExitStatus.Subject = .volume, _ work: () throws -> Value
  ) throws(SuperResolutionError) -> Value {
    do {
      return try work()
    } catch let error as SuperResolutionError {
      throw error
    } catch let error as WorkersError {
      throw .system(error)
    } catch let error as any ReportableError {
      throw .part(error, about: subject)
    } catch {
      throw .unexpected("\(error)")
    }
  }
}
