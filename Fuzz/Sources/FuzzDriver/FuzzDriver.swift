import CFuzzer
import Glibc

/// Runs libFuzzer with the program's command line until it is done.
public func fuzz(
  _ feed: @convention(c) (_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt
) -> Never {
  var count = CommandLine.argc
  var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
  exit(LLVMFuzzerRunDriver(&count, &words, feed))
}
