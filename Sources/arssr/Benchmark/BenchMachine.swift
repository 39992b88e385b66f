import Files
import Glibc
import Profiling
import Workers

/// Machine and program as far as results depend on them.
struct BenchMachine {
  let cpu: String
  /// Mean number of threads that wanted to run in the minute before; nil where unknown.
  let load: Double?
  /// Checksum of the program's file: which build was measured, to the bit.
  let programSHA256: String?

  init() {
    cpu = ProcessorName.text
    load = SystemLoad.lastMinute()
    programSHA256 = try? SHA256Digest(of: InputFile(path: "/proc/self/exe")).hexadecimal
  }
}
