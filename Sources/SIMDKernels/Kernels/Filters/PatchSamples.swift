import KernelInterface

/// The surroundings of voxels as samples.
///
/// 1. Formula, layouts: `PatchSampleArguments`.
/// 2. No alignment is needed. Rows are read up to whole vectors, so up to 15 elements behind a patch, and
///    what is written too far is overwritten by the row behind it.
/// 3. A sample is made as one line in L1, and then cut into panels.
/// 4. Each number is one difference in double precision, rounded once to the samples' precision.
/// 5. `related.md` of the results.
func gatherPatches(_ arguments: PatchSampleArguments) {
  let patch = arguments.patch
  let half = patch / 2
  let corner = half * (1 + arguments.rowStride + arguments.planeStride)
  let tapCount = patch * patch * patch
  let panelCount = PatchSampleArguments.panels(patch: patch).panelCount
  for number in 0..<arguments.count {
    let voxel = arguments.voxels[number]
    var centre = 0.0
    if case .single = arguments.samples { centre = Double(Float(arguments.image[voxel])) }
    let shift = Wide(repeating: centre)
    var taps = arguments.line
    for plane in 0..<patch {
      var source = arguments.image + (voxel - corner + plane * arguments.planeStride)
      for _ in 0..<patch {
        var tap = 0
        while tap < patch {
          store(load(source + tap) - shift, to: taps + tap)
          tap += wideLanes
        }
        taps += patch
        source += arguments.rowStride
      }
    }
    arguments.line[tapCount] = arguments.truth[voxel] - centre
    arguments.line[tapCount + 1] = centre
    for place in (tapCount + 2)..<(panelCount * 32) { arguments.line[place] = 0 }
    for panel in 0..<panelCount {
      let place = (panel * arguments.count + number) * 32
      let line = arguments.line + panel * 32
      switch arguments.samples {
      case .single(let samples): copyNarrowed(line, to: samples + place)
      case .double(let samples): copy(line, to: samples + place)
      }
    }
  }
}

/// 32 numbers, rounded to float32.
@inline(__always)
private func copyNarrowed(
  _ source: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Float>
) {
  var place = 0
  while place < 32 {
    storeNarrowed(load(source + place), to: target + place)
    place += wideLanes
  }
}

/// 32 numbers.
@inline(__always)
private func copy(
  _ source: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>
) {
  var place = 0
  while place < 32 {
    store(load(source + place), to: target + place)
    place += wideLanes
  }
}
