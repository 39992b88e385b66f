import CSIMD
import Glibc

/// How much memory this process may still take, and how much it has taken.
public enum MemoryLimit {
  /// What decided the number of available bytes.
  public enum Reason: String, Sendable, Equatable {
    /// Memory that the machine can still give without swapping.
    case machine = "free memory of the machine"
    /// The memory limit of the control group.
    case controlGroup = "memory limit of the control group"
    /// `ulimit -v` (RLIMIT_AS).
    case addressSpace = "limit of the address space (ulimit -v)"
    /// `ulimit -d` (RLIMIT_DATA).
    case dataSegment = "limit of the data segment (ulimit -d)"
  }

  /// The smallest of: free memory of the machine, the control groups' limits (version 1 and 2), and
  /// the resource limits on address space and data, each less what is used already.
  public static func availableBytes() -> (bytes: Int, reason: Reason) {
    let status = SystemText.read("/proc/self/status") ?? ""
    var candidates: [(bytes: Int, reason: Reason)] = [(machineBytes(), .machine)]
    if let left = ControlGroups().memoryLeft() { candidates.append((left, .controlGroup)) }
    if let limit = softLimit(__rlimit_resource_t(RLIMIT_AS.rawValue)) {
      candidates.append((max(0, limit - bytes("VmSize", in: status)), .addressSpace))
    }
    if let limit = softLimit(__rlimit_resource_t(RLIMIT_DATA.rawValue)) {
      candidates.append((max(0, limit - bytes("VmData", in: status)), .dataSegment))
    }
    return candidates.min { $0.bytes < $1.bytes } ?? (0, .machine)
  }

  /// The most memory that this process has had resident so far, in bytes.
  ///
  /// From VmHWM: `getrusage` also counts what the process was before `exec`, so a small program
  /// started by a large one would show the large one's peak.
  public static func peakResidentBytes() -> Int {
    let peak = bytes("VmHWM", in: SystemText.read("/proc/self/status") ?? "")
    if peak > 0 { return peak }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }

  /// The memory that this process has resident now, in bytes: code and libraries as far as they were
  /// touched, heap, stacks, buffers; 0 where the system does not say.
  public static func residentBytes() -> Int {
    bytes("VmRSS", in: SystemText.read("/proc/self/status") ?? "")
  }

  /// Makes the allocator give arrays of a MiB and more back to the system when they end.
  ///
  /// By default glibc learns from the first such array that ends to keep later ones of up to twice its
  /// size, by which the resident set of a process would depend on what it did before.
  public static func returnLargeArrays() {
    // Setting the threshold ends the learning (mallopt(3)).
    csimd_return_blocks(1 << 20)
  }

  /// Makes ``peakResidentBytes()`` begin anew at what is resident now.
  ///
  /// - Returns: Whether the system allows it; if not, the peak stays that of the whole process.
  public static func resetPeakResidentBytes() -> Bool {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // 5 resets the high-water mark (proc_pid_clear_refs(5)).
    return write(descriptor, "5", 1) == 1
  }

  private static func machineBytes() -> Int {
    let memory = SystemText.read("/proc/meminfo") ?? ""
    let available = bytes("MemAvailable", in: memory)
    if available > 0 { return available }
    return sysconf(Int32(_SC_AVPHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }

  private static func bytes(_ key: String, in text: String) -> Int {
    (SystemText.number(key, in: text) ?? 0) * 1024
  }

  private static func softLimit(_ resource: __rlimit_resource_t) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 1 << 60 else { return nil }
    return Int(limit.rlim_cur)
  }
}
