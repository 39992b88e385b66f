import Glibc
import Workers

/// What this process has used so far, and what was taken from it; the difference of two tells of the
/// time between.
public struct ProcessUsage: Sendable, Equatable {
  /// Seconds of the clock on the wall.
  public var wallSeconds: Double
  /// Seconds of CPU time of all threads.
  public var cpuSeconds: Double
  /// How often a thread that could run had to leave its core to another.
  public var involuntarySwitches: Int

  /// The state now.
  public static func now() -> ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return ProcessUsage(
      wallSeconds: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9,
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      involuntarySwitches: usage.ru_nivcsw)
  }

  /// What was used from `before` to `after`.
  public static func - (after: ProcessUsage, before: ProcessUsage) -> ProcessUsage {
    ProcessUsage(
      wallSeconds: after.wallSeconds - before.wallSeconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches)
  }

  /// CPU time as a share of what `workers` could have had, 0 to 1.
  public func share(workers: Int) -> Double {
    wallSeconds > 0 ? cpuSeconds / (wallSeconds * Double(workers)) : 1
  }

  /// Whether another process took a core: more than ``switchLimit`` involuntary switches per second.
  public var wasInterrupted: Bool {
    Double(involuntarySwitches) > max(Self.switchLimit * wallSeconds, 5)
  }

  /// A thread that shares its core is switched every 3 to 20 ms; the kernel's own threads take a core
  /// a few times per second.
  private static let switchLimit = 20.0

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }
}

/// How many threads of all processes wanted to run lately.
public enum SystemLoad {
  /// The mean over the last minute, or nil where the system does not say.
  public static func lastMinute() -> Double? {
    guard let text = SystemText.read("/proc/loadavg") else { return nil }
    return text.split(separator: " ").first.flatMap { Double($0) }
  }
}
