import Workers

/// What a job of a pool costs beside its items.
public enum CallMeasurement {
  /// Seconds of an empty job with as many items as workers, all awake; the median of many.
  public static func secondsPerCall(_ pool: WorkerPool) -> Double {
    let count = 2000
    return Samples(
      (0..<count).map { _ in seconds { pool.run(pool.workerCount) { _, _ in } } }
    ).median
  }
}
