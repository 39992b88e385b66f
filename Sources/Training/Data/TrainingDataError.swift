import Degradation
import Files
import Volumes
import Workers

/// Why no training data can be drawn from what was given.
public enum TrainingDataError: ReportableError, Equatable {
  /// No folder, list or volume of this name.
  case missing(path: String)
  /// A folder without volumes.
  case noVolumes(path: String, suffixes: [String])
  /// A list whose line names nothing.
  case emptyList(path: String)
  /// A volume too small for one patch at the smallest scale.
  case tooSmall(path: String, size: SIMD3<Int>, needed: Int)
  /// Volumes whose voxels differ in size.
  case unlikeSpacing(path: String, spacing: SIMD3<Double>, other: String, than: SIMD3<Double>)
  /// A series where a volume is needed.
  case series(path: String, frames: Int)
  /// A volume with hardly anything above the background.
  case noForeground(path: String, share: Double)
  /// All volumes were taken for validation.
  case nothingToTrainOn(count: Int)
  /// A volume cannot be read.
  case volume(VolumeError)
  /// A list cannot be read.
  case file(FileError)
  /// A volume cannot be made coarser as asked.
  case degradation(DegradationError)
  /// The system refused memory or a thread.
  case system(WorkersError)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .missing: "input.missing"
    case .noVolumes, .emptyList: "input.empty"
    case .tooSmall, .series: "volume.dim"
    case .unlikeSpacing: "volume.affine"
    case .noForeground: "volume.range"
    case .nothingToTrainOn: "usage.value"
    case .volume(let error): error.code
    case .file(let error): error.code
    case .degradation(let error): error.code
    case .system: "memory.system"
    }
  }

  /// The file or option concerned.
  public var subject: String? {
    switch self {
    case .missing(let path), .noVolumes(let path, _), .emptyList(let path),
      .tooSmall(let path, _, _), .unlikeSpacing(let path, _, _, _), .series(let path, _),
      .noForeground(let path, _):
      path
    case .nothingToTrainOn: "--validate"
    case .volume(let error): error.subject
    case .file(let error): error.subject
    case .degradation(let error): error.subject
    case .system: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .missing: "no such file or folder"
    case .noVolumes(_, let suffixes):
      "holds no volume: looked for *.nii and *.nii.gz in the folder itself, and, for a BIDS dataset, "
        + "for sub-*/anat/*_\(suffixes.joined(separator: "|")).nii.gz"
    case .emptyList: "names no volume"
    case .tooSmall(_, let size, let needed):
      "\(size.x) x \(size.y) x \(size.z) voxels around what is not background are too few for a "
        + "patch: \(needed) are needed along every axis; leave the file out or ask for smaller "
        + "patches or scales"
    case .unlikeSpacing(_, let spacing, let other, let than):
      "its voxels of \(Self.text(spacing)) mm differ by more than a tenth from those of "
        + "\(Escaping.path(other)) (\(Self.text(than)) mm); train on volumes of like spacing, or "
        + "allow to mix them"
    case .series(_, let frames): "is a series of \(frames) volumes, must be one volume"
    case .noForeground(_, let share):
      "only \(Self.text(100 * share)) % of the voxels lie above the background, must be 1 % or more"
    case .nothingToTrainOn(let count):
      "all of the \(count) volumes are for validation; at least one must be left to train on"
    case .volume(let error): error.message
    case .file(let error): error.message
    case .degradation(let error): error.message
    case .system(let error): "\(error)"
    }
  }

  private static func text(_ spacing: SIMD3<Double>) -> String {
    (0..<3).map { text(spacing[$0]) }.joined(separator: " x ")
  }

  private static func text(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}

extension TrainingDataError {
  /// Runs work that throws a volume's error.
  static func ofVolume<Value>(
    _ work: () throws(VolumeError) -> Value
  ) throws(TrainingDataError) -> Value {
    do throws(VolumeError) { return try work() } catch { throw .volume(error) }
  }

  /// Runs work that throws a degradation's error.
  static func ofDegradation<Value>(
    _ work: () throws(DegradationError) -> Value
  ) throws(TrainingDataError) -> Value {
    do throws(DegradationError) { return try work() } catch { throw .degradation(error) }
  }
}
