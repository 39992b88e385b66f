import CSIMD
import Glibc

/// The set of processing units on which a thread may run, in the kernel's form.
struct AffinityMask: Sendable, Equatable {
  /// Bit `u % 8` of byte `u / 8` is set if processing unit `u` is allowed.
  private(set) var bytes: [UInt8]

  /// A mask with exactly these processing units.
  init(_ processingUnits: [Int]) {
    let words = ((processingUnits.max() ?? 0) / 64 + 1)
    bytes = [UInt8](repeating: 0, count: words * 8)
    for unit in processingUnits { bytes[unit / 8] |= 1 << UInt8(unit % 8) }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// The processing units in the mask, ascending.
  var processingUnits: [Int] {
    (0..<bytes.count * 8).filter { bytes[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }
  }

  /// The mask of a thread of this process (0: the caller), or nil if the system does not tell.
  static func ofThread(_ thread: Int32) -> AffinityMask? {
    // A machine may have more processors than any fixed mask: grow until the kernel is content.
    var size = 128
    while size <= 1 << 16 {
      var mask = [UInt8](repeating: 0, count: size)
      let written = csimd_get_affinity(thread, &mask, size)
      if written > 0 { return AffinityMask(bytes: Array(mask[..<Int(written)])) }
      guard written == -Int(EINVAL) else { return nil }
      size *= 2
    }
    return nil
  }

  /// Binds a thread (0: the caller) to this mask and says whether the system agreed.
  @discardableResult
  func bind(thread: Int32 = 0) -> Bool { csimd_set_affinity(thread, bytes, bytes.count) == 0 }
}
