import CFourier
import Glibc
import Workers

/// Complex Fourier transforms of one length and direction, any length, in double precision.
///
/// `@unchecked Sendable`: one thread at a time may use it; each worker has its own.
final class ComplexTransform: @unchecked Sendable {
  /// Numbers per transform.
  let length: Int

  private let plan: OpaquePointer

  /// Prepares transforms of `length` numbers.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(length: Int, isInverse: Bool) throws(WorkersError) {
    precondition(length > 0, "length: \(length)")
    guard let plan = cfourier_create(length, isInverse ? 1 : 0) else {
      throw .allocation(bytes: length * 16, errno: ENOMEM)
    }
    self.length = length
    self.plan = plan
  }

  deinit { cfourier_destroy(plan) }

  /// Transforms `length` numbers, x and y apart; nothing is divided.
  func transform(
    _ input: UnsafePointer<SIMD2<Double>>, into output: UnsafeMutablePointer<SIMD2<Double>>
  ) {
    input.withMemoryRebound(to: Double.self, capacity: 2 * length) { input in
      output.withMemoryRebound(to: Double.self, capacity: 2 * length) { output in
        cfourier_transform(plan, input, output)
      }
    }
  }
}

/// What one worker needs to change the length of spectra.
final class SpectrumWorkspace: Sendable {
  let forward: ComplexTransform
  let inverse: ComplexTransform
  /// Room for two lines of the longer of both lengths.
  private let room: AlignedBuffer<SIMD2<Double>>

  init(inputLength: Int, outputLength: Int) throws(WorkersError) {
    forward = try ComplexTransform(length: inputLength, isInverse: false)
    inverse = try ComplexTransform(length: outputLength, isInverse: true)
    room = try AlignedBuffer(count: 2 * max(inputLength, outputLength))
  }

  var first: UnsafeMutablePointer<SIMD2<Double>> { room.pointer }
  var second: UnsafeMutablePointer<SIMD2<Double>> { room.pointer + room.count / 2 }
}
