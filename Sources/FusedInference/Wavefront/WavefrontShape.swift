import KernelInterface

/// The order in which a block of the volume is worked through, and what is held of every value.
///
/// A value's depth is the number of 3x3x3 layers between the image and it. In step (s, b) a layer
/// whose result has depth d makes the planes 4 s - d ... 4 s - d + 3 of the bands n b - d ...
/// n b - d + n - 1, n being the bands per step: every layer lags one plane and one band behind
/// those it reads, which therefore are ready one voxel further. The planes of the last value go
/// on to the decoder, one plane and one band later. So what is held does not grow with the depth of
/// the volume, and nothing is computed twice.
struct WavefrontShape: Equatable, Sendable {
  /// Ranges of every value along i, j, k.
  let ranges: [ValueRanges]
  /// What is held of every value.
  let stores: [RowStoreShape]
  /// Bands that a layer makes per step.
  let bandsPerStep: Int
  /// The first band of the block, and its bands.
  let firstBand: Int
  let bandCount: Int
  /// Slabs to work through.
  let slabs: Range<Int>
  /// The value that is wanted.
  let target: Int
  /// Depth of its consumer.
  let finalDepth: Int

  /// Works the shape out.
  ///
  /// - Parameters:
  ///   - program: The layers.
  ///   - target: The value that is wanted: the last one is handed on step by step, any other held
  ///     entirely.
  ///   - ranges: What of every value is needed for it along i, j, k.
  ///   - bandsPerStep: Bands that a layer makes per step; nil: all.
  init(
    _ program: EncoderProgram, target: Int, ranges: [ValueRanges], bandsPerStep: Int?
  ) {
    let depths = program.depths
    let final = depths[target] + 1
    let rows = ranges[1].ranges[0]
    let planes = ranges[2].ranges
    let bands = Self.bands(of: rows)
    let (first, count) = (bands.lowerBound, bands.count)
    let all = count + final
    self.ranges = ranges
    self.target = target
    finalDepth = final
    firstBand = first
    bandCount = count
    self.bandsPerStep = min(bandsPerStep ?? all, all)
    let lastPlane = planes[target].upperBound - 1
    slabs =
      planes[0].lowerBound / RowStore.slabPlanes..<(lastPlane + final) / RowStore.slabPlanes + 1
    let (lags, margins) = (program.lags, program.margins)
    stores = program.channels.indices.map { [slabs, bandsPerStep = self.bandsPerStep] value in
      let isUnused = ranges[0].ranges[value].isEmpty
      let isWhole = value == target && target != program.result
      return RowStoreShape(
        voxelStride: program.voxelStride(value), width: ranges[0].ranges[value].count,
        margin: margins[value], depth: depths[value], firstBand: first, bandsPerSlab: count,
        bands: InlineArray { plane in
          let everything = slabs.count * count
          if isUnused { return 0 }
          if isWhole { return everything }
          let lag = lags[value]
          let later = (plane + lag) / RowStore.slabPlanes
          return min(everything, later * count + min(count, bandsPerStep + lag))
        })
    }
  }

  /// The bands in which rows lie.
  static func bands(of rows: Range<Int>) -> Range<Int> {
    let rowsPerBand = RowStore.bandRows
    return rows.lowerBound / rowsPerBand..<(rows.upperBound + rowsPerBand - 1) / rowsPerBand
  }

  /// Steps per slab.
  var stepsPerSlab: Int { (bandCount + finalDepth + bandsPerStep - 1) / bandsPerStep }

  /// Planes that a consumer or layer of `depth` handles in slab `slab`.
  func planes(slab: Int, depth: Int) -> Range<Int> {
    let first = RowStore.slabPlanes * slab - depth
    return first..<first + RowStore.slabPlanes
  }

  /// Rows that a consumer or layer of `depth` handles in step `step` of a slab.
  func rows(step: Int, depth: Int) -> Range<Int> {
    let first = (firstBand + bandsPerStep * step - depth) * RowStore.bandRows
    return first..<first + bandsPerStep * RowStore.bandRows
  }

  /// What is made of a value in one step, within some ranges along i, j, k; nil: within the block's.
  func region(
    ofValue value: Int, slab: Int, step: Int, within limits: [ValueRanges]? = nil
  ) -> EncoderRunner.Region {
    let limits = limits ?? ranges
    let depth = stores[value].depth
    return EncoderRunner.Region(
      planes: planes(slab: slab, depth: depth).clamped(to: limits[2].ranges[value]),
      rows: rows(step: step, depth: depth).clamped(to: limits[1].ranges[value]),
      columns: limits[0].ranges[value])
  }

  /// Floats that all values occupy.
  var floats: Int { stores.reduce(0) { $0 + $1.floats } }
}
