import KernelInterface

/// What buckets are made of, one voxel per lane.
struct BucketMeasures {
  var strength: Wide
  /// Infinite where there is no gradient, which puts a voxel into the last bin.
  var coherence: Wide
  private var i: Wide
  private var j: Wide
  private var k: Wide

  @inline(__always)
  init(_ system: Eigensystem, _ bins: BucketTables) {
    let largest = notNegative(system.largest)
    let middle = notNegative(system.middle)
    let smallest = notNegative(system.smallest)
    let sum = largest + middle + smallest
    strength = bins.usesTrace ? sum : largest
    let quotient: Wide
    if bins.usesAnisotropy {
      let mean = sum * Wide(repeating: 1.0 / 3)
      let (a, b, c) = (largest - mean, middle - mean, smallest - mean)
      let above = a * a + b * b + c * c
      let below = largest * largest + middle * middle + smallest * smallest
      quotient = root(Wide(repeating: 1.5) * above / below)
    } else {
      let (a, b, c) = (root(largest), root(middle), root(smallest))
      quotient = (a - b - c) / (a + b + c)
    }
    coherence = quotient.replacing(
      with: Wide(repeating: Double.infinity), where: sum .== Wide.zero)
    let turns = system.j .< Wide.zero
    i = system.i.replacing(with: -system.i, where: turns)
    j = system.j.replacing(with: -system.j, where: turns)
    k = system.k.replacing(with: -system.k, where: turns)
  }

  /// The number of the bucket.
  ///
  /// An azimuth is at least that of a border where v lies on its left; a polar angle where v_k is at
  /// most the border's cosine. So no angle is computed.
  @inline(__always)
  func bucket(_ bins: BucketTables) -> Wide {
    let one = Wide(repeating: 1)
    var azimuth = Wide.zero
    for border in 0..<(bins.azimuthCount - 1) {
      let (c, s) = (bins.azimuth[2 * border], bins.azimuth[2 * border + 1])
      let side = j * Wide(repeating: c) - i * Wide(repeating: s)
      azimuth += Wide.zero.replacing(with: one, where: side .>= Wide.zero)
    }
    // Along k alone there is no azimuth: 0.
    azimuth.replace(with: Wide.zero, where: (i .== Wide.zero) .& (j .== Wide.zero))
    var polar = Wide.zero
    for border in 0..<(bins.polarCount - 1) {
      let reaches = k .<= Wide(repeating: bins.polar[border])
      polar += Wide.zero.replacing(with: one, where: reaches)
    }
    var strengthBin = Wide.zero
    for border in 0..<(bins.strengthCount - 1) {
      let exceeds = strength .> Wide(repeating: bins.strength[border])
      strengthBin += Wide.zero.replacing(with: one, where: exceeds)
    }
    var coherenceBin = Wide.zero
    for border in 0..<(bins.coherenceCount - 1) {
      let exceeds = coherence .> Wide(repeating: bins.coherence[border])
      coherenceBin += Wide.zero.replacing(with: one, where: exceeds)
    }
    let direction = azimuth * Wide(repeating: Double(bins.polarCount)) + polar
    let edge = direction * Wide(repeating: Double(bins.strengthCount)) + strengthBin
    return edge * Wide(repeating: Double(bins.coherenceCount)) + coherenceBin
  }
}
