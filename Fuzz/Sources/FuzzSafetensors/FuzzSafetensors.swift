import FuzzDriver
import Oracles

/// Feeds the reader of safetensors.
@main
enum FuzzSafetensors {
  static func main() {
    fuzz { start, count in
      checkCheckpoint(UnsafeRawBufferPointer(start: start, count: count), named: "a.safetensors")
      return 0
    }
  }
}
