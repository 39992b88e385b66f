import KernelInterface

/// One filter at scattered voxels.
///
/// 1. Formula, layouts: `PatchFilterArguments`.
/// 2. No alignment is needed. Rows of taps are read up to whole vectors, so up to 15 elements behind a
///    patch, where the filter holds zeros.
/// 3. Eight voxels share each vector of the filter: eight sums hide the latency, and what is left to do
///    per multiply-add is one load of the volume.
/// 4. A sum runs lane by lane over the rows of taps, then over the lanes by halves; it does not depend on
///    the other voxels of a call. Bound: (P^2 + 5) * 2^-24 * sum of |products|.
/// 5. `related.md` of the results.
func applyFilter(_ arguments: PatchFilterArguments) {
  var first = 0
  while first + 8 <= arguments.count {
    PatchFilterTile<8>.run(arguments, at: first)
    first += 8
  }
  if first + 4 <= arguments.count {
    PatchFilterTile<4>.run(arguments, at: first)
    first += 4
  }
  if first + 2 <= arguments.count {
    PatchFilterTile<2>.run(arguments, at: first)
    first += 2
  }
  if first < arguments.count { PatchFilterTile<1>.run(arguments, at: first) }
}

/// Some voxels together.
private struct PatchFilterTile<let voxels: Int> {
  @inline(never)
  static func run(_ arguments: PatchFilterArguments, at first: Int) {
    let half = arguments.patch / 2
    let corner = half * (1 + arguments.rowStride + arguments.planeStride)
    let starts = InlineArray<voxels, UnsafePointer<Float>> { n in
      arguments.image + (arguments.voxels[first + n] - corner)
    }
    var sums = InlineArray<voxels, Vector> { _ in broadcast(0) }
    let rowFloats = PatchFilterArguments.rowFloats(patch: arguments.patch)
    var taps = arguments.filter
    for plane in 0..<arguments.patch {
      var offset = plane * arguments.planeStride
      for _ in 0..<arguments.patch {
        var tap = 0
        while tap < arguments.patch {
          let factors = load(taps + tap)
          for n in 0..<voxels {
            sums[n] = multiplyAdd(sums[n], load(starts[n] + offset + tap), factors)
          }
          tap += lanes
        }
        taps += rowFloats
        offset += arguments.rowStride
      }
    }
    for n in 0..<voxels { arguments.values[first + n] = total(sums[n]) }
  }
}

/// The sum over all lanes, by halves.
@inline(__always)
private func total(_ vector: Vector) -> Float {
  #if ISA_AVX512 || ISA_AVX512BF16
  let eight = vector.lowHalf + vector.highHalf
  let four = eight.lowHalf + eight.highHalf
  #elseif ISA_AVX2
  let four = vector.lowHalf + vector.highHalf
  #else
  let four = vector
  #endif
  return (four[0] + four[2]) + (four[1] + four[3])
}
