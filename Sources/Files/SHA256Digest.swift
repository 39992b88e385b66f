import CCrypto

/// A SHA-256 checksum that grows with the bytes it is given (OpenSSL's implementation, which uses
/// the SHA instructions of the CPU).
public struct SHA256Digest {
  private var context: Context

  /// A checksum of no bytes.
  public init() { context = Context() }

  /// The checksum of all bytes of a buffer.
  public init(of bytes: UnsafeRawBufferPointer) {
    self.init()
    update(bytes)
  }

  /// Appends bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
    context.update(bytes)
  }

  /// The checksum of everything so far: 64 lower-case hexadecimal digits.
  public var hexadecimal: String { Hexadecimal.text(Context(copying: context).final()) }

  /// Owns one OpenSSL context.
  private final class Context {
    private let context: OpaquePointer

    init() {
      // Allocation of a few hundred bytes and the choice of a built-in algorithm: that this does
      // not work is no state in which the program could go on.
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      else { fatalError("SHA-256 is not available in libcrypto") }
      self.context = context
    }

    convenience init(copying other: Context) {
      self.init()
      precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "EVP_MD_CTX_copy_ex")
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
      guard let start = bytes.baseAddress else { return }
      precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "EVP_DigestUpdate")
    }

    func final() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
        var length: UInt32 = 0
        precondition(
          EVP_DigestFinal_ex(context, buffer.baseAddress, &length) == 1, "EVP_DigestFinal_ex")
        count = Int(length)
      }
    }
  }
}
