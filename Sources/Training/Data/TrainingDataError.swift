import Degradation
import Files
import Volumes
import Workers

/// Why no training data can be drawn from what was given.
public enum TrainingDataError: ReportableError, Equatable {
  /// No volumes where they were looked for.
  case files(VolumeSetError)
  /// A volume too small for one patch at the smallest scale.
  case tooSmall(path: String, size: SIMD3<Int>, needed: Int)
  /// A guide with other voxels than the volume it belongs to.
  case unlikeGuide(path: String, size: SIMD3<Int>, needed: SIMD3<Int>)
  /// A guide that lies this far, in millimetres, from the volume it belongs to.
  case guideElsewhere(path: String, millimetres: Double)
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
  /// A volume cannot be made coarser as asked.
  case degradation(DegradationError)
  /// The system refused memory or a thread.
  case system(WorkersError)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .files(let error): error.code
    case .tooSmall, .series, .unlikeGuide: "volume.dim"
    case .guideElsewhere: "volume.overlap"
    case .unlikeSpacing: "volume.affine"
    case .noForeground: "volume.range"
    case .nothingToTrainOn: "usage.value"
    case .volume(let error): error.code
    case .degradation(let error): error.code
    case .system(let error): error.code
    }
  }

  /// The file or option concerned.
  public var subject: String? {
    switch self {
    case .files(let error): error.subject
    case .tooSmall(let path, _, _), .unlikeSpacing(let path, _, _, _), .series(let path, _),
      .noForeground(let path, _), .unlikeGuide(let path, _, _), .guideElsewhere(let path, _):
      path
    case .nothingToTrainOn: "--validate"
    case .volume(let error): error.subject
    case .degradation(let error): error.subject
    case .system: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .files(let error): error.message
    case .tooSmall(_, let size, let needed):
      "\(size.x) x \(size.y) x \(size.z) voxels around what is not background are too few for a "
        + "patch: \(needed) are needed along every axis; leave the file out or ask for smaller "
        + "patches or scales"
    case .unlikeGuide(_, let size, let needed):
      "\(size.x) x \(size.y) x \(size.z) voxels; the guide of a volume must have its "
        + "\(needed.x) x \(needed.y) x \(needed.z)"
    case .guideElsewhere(_, let millimetres):
      "lies up to \(Self.text(millimetres)) mm from the volume whose guide it is; resample it onto "
        + "that volume's grid"
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
    case .degradation(let error): error.message
    case .system(let error): "\(error)"
    }
  }

  private static func text(_ spacing: SIMD3<Double>) -> String {
    (0..<3).map { text(spacing[$0]) }.joined(separator: " x ")
  }

  private static func text(_ value: Double) -> String {
    ((value * 1000).rounded() / 1000).plainText
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
