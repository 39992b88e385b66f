import FusedInference
import Glibc
import Volumes
import Workers

/// Measures writing and reading of a volume, plain and compressed, in a folder for temporary files.
public struct VolumeFileBenchmark {
  private let volume: SyntheticVolume
  private let folder: String
  private let pool: WorkerPool

  /// Makes the volume.
  ///
  /// - Parameters:
  ///   - size: Voxels along i, j, k.
  ///   - folder: Where the files are made and removed again.
  ///   - pool: Workers that compress.
  public init(size: SIMD3<Int>, folder: String, pool: WorkerPool) {
    volume = SyntheticVolume(size: size)
    self.folder = folder
    self.pool = pool
  }

  /// Measures both kinds of files; writing includes flushing to the disk.
  ///
  /// - Parameters:
  ///   - repetition: How many runs of each.
  ///   - monitor: May cancel from any thread.
  ///   - progress: Told the share that is done.
  /// - Returns: For each kind of file, writing and reading.
  /// - Throws: `VolumeError` if the folder cannot be written, or `InferenceError.cancelled`.
  public func measure(
    repetition: Repetition, monitor: UpsampleMonitor, progress: (Double) -> Void
  ) throws -> [BenchmarkResult] {
    let endings = ["nii", "nii.gz"]
    return try endings.enumerated().flatMap { number, ending in
      try measure(ending, repetition: repetition, monitor: monitor) { share in
        progress((Double(number) + share) / Double(endings.count))
      }
    }
  }

  private func measure(
    _ ending: String, repetition: Repetition, monitor: UpsampleMonitor,
    progress: (Double) -> Void
  ) throws -> [BenchmarkResult] {
    let path = "\(folder)/arssr-bench-\(getpid()).\(ending)"
    defer { unlink(path) }
    _ = MemoryLimit.resetPeakResidentBytes()
    let outcome = try repetition.measure(progress: progress) {
      if monitor.isCancelled { throw InferenceError.cancelled }
      let writing = try seconds { try write(path) }
      let reading = try seconds { try read(path) }
      return [writing + reading, writing, reading]
    }
    let peakBytes = MemoryLimit.peakResidentBytes()
    let size = "\(volume.size.x)x\(volume.size.y)x\(volume.size.z)"
    return [("write", 1, pool.workerCount), ("read", 2, 1)].map { operation, part, workers in
      BenchmarkResult(
        name: "\(operation)/\(ending)/\(size)/\(workers)t", label: "\(operation)/\(ending)",
        seconds: outcome.parts[part], workers: workers, operations: 0, directOperations: 0,
        voxels: volume.voxels.count, bytes: volume.voxels.count * MemoryLayout<Float>.size,
        peakBytes: peakBytes, plannedBytes: nil, steps: [], runs: outcome.runs,
        usedUnits: [], usage: outcome.usage)
    }
  }

  private func write(_ path: String) throws {
    let header = NIfTIHeader(grid: Grid(size: volume.size, affine: .identity))
    let writer = try VolumeWriter(path: path, header: header, pool: pool, force: true)
    try writer.append(volume.voxels)
    try writer.commit()
  }

  private func read(_ path: String) throws {
    let reader = try VolumeReader(path: path)
    _ = try reader.readFrame(0, nonFinite: .refuse)
    try reader.finish()
  }
}
