import FuzzDriver
import Oracles

/// Feeds the reader of learned filters: NumPy arrays, and the one form of pickle that lies beside them.
@main
enum FuzzNumPy {
  static func main() {
    fuzz { start, count in
      checkFilterFiles(UnsafeRawBufferPointer(start: start, count: count))
      return 0
    }
  }
}
