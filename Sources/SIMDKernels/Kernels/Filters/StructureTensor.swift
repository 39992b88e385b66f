import KernelInterface

/// The buckets of the voxels of some rows.
///
/// 1. Formula, layouts: `StructureTensorArguments`.
/// 2. No alignment is needed. 16 elements before and behind the volume are read, rows of results are
///    written up to whole vectors.
/// 3. Products of gradients are made and filtered along k as they are needed, kept for as many rows as
///    the window has, filtered along j and then along i: a few rows that stay in L2. Making the products
///    anew for each plane of the window costs less than keeping them for a slab of planes would.
/// 4. Double precision, sums in the order of the taps; the same for every region. Tests: the stored
///    values, and Jacobi's method on plain sums over the whole window.
/// 5. `related.md` of the results.
func findBuckets(_ arguments: StructureTensorArguments) {
  switch arguments.image {
  case .single(let image):
    StructureTensorRows<0>(arguments, UnsafeRawPointer(image)).run()
  case .double(let image):
    StructureTensorRows<1>(arguments, UnsafeRawPointer(image)).run()
  }
}

/// The memory of a region and its steps; `isDouble` is 1 where the volume is float64.
private struct StructureTensorRows<let isDouble: Int> {
  let arguments: StructureTensorArguments
  let image: UnsafeRawPointer
  let radius: Int
  let taps: Int
  let columns: Range<Int>
  /// Numbers from a filtered row to the next.
  let stride: Int
  /// Six products filtered along k: `[product][row modulo taps]`.
  let ring: UnsafeMutablePointer<Double>
  /// The same filtered along j, one row each.
  let lines: UnsafeMutablePointer<Double>
  /// A row of buckets.
  let numbers: UnsafeMutablePointer<Double>

  @inline(__always)
  init(_ arguments: StructureTensorArguments, _ image: UnsafeRawPointer) {
    self.arguments = arguments
    self.image = image
    radius = arguments.window.radius
    taps = 2 * radius + 1
    columns = arguments.region.columns
    stride = StructureTensorArguments.filteredStride(columns: columns.count, radius: radius)
    ring = arguments.scratch
    lines = ring + 6 * taps * stride
    numbers = lines + 6 * stride
  }

  @inline(__always)
  func run() {
    let rows = arguments.region.rows
    guard !rows.isEmpty, !columns.isEmpty else { return }
    // Lanes behind the last column are computed too: they must hold numbers.
    for index in 0..<((taps + 1) * 6 * stride) { ring[index] = 0 }
    for row in (rows.lowerBound - radius)..<(rows.upperBound + radius) {
      filterAlongK(row)
      let output = row - radius
      if output >= rows.lowerBound {
        filterAlongJ(from: output - radius)
        finish(output - rows.lowerBound)
      }
    }
  }

  // MARK: - Products along k

  @inline(__always)
  private func value(_ offset: Int) -> Wide {
    if isDouble == 1 {
      return (image + 8 * offset).loadUnaligned(as: Wide.self)
    }
    return widened((image + 4 * offset).assumingMemoryBound(to: Float.self))
  }

  @inline(__always)
  private func element(_ offset: Int) -> Double {
    isDouble == 1
      ? (image + 8 * offset).load(as: Double.self)
      : Double((image + 4 * offset).load(as: Float.self))
  }

  /// Neighbours along an axis, and what their difference is multiplied by.
  private struct Neighbours {
    let below: Int
    let above: Int
    let factor: Double

    @inline(__always)
    init(_ index: Int, of count: Int, step: Int) {
      let isFirst = index == 0
      let isLast = index == count - 1
      below = isFirst ? 0 : -step
      above = isLast ? 0 : step
      factor = isFirst || isLast ? 1 : 0.5
    }
  }

  @inline(never)
  private func filterAlongK(_ row: Int) {
    let size = arguments.size
    let plane = size.x * size.y
    let first = arguments.region.plane - radius
    let alongJ = Neighbours(row, of: size.y, step: size.x)
    let target = ring + (row + taps) % taps * stride
    let field = taps * stride
    let start = columns.lowerBound - radius
    let width = columns.count + 2 * radius
    let half = Wide(repeating: 0.5)
    let factorJ = Wide(repeating: alongJ.factor)
    var column = 0
    while column < width {
      var (ii, jj, kk) = (Wide.zero, Wide.zero, Wide.zero)
      var (ij, ik, jk) = (Wide.zero, Wide.zero, Wide.zero)
      for tap in 0..<taps {
        let alongK = Neighbours(first + tap, of: size.z, step: plane)
        let centre = (first + tap) * plane + row * size.x + start + column
        let weight = Wide(repeating: arguments.window.weights[tap])
        let i = (value(centre + 1) - value(centre - 1)) * half
        let j = (value(centre + alongJ.above) - value(centre + alongJ.below)) * factorJ
        let k =
          (value(centre + alongK.above) - value(centre + alongK.below))
          * Wide(repeating: alongK.factor)
        let (weightedI, weightedJ) = (weight * i, weight * j)
        ii = multiplyAdd(ii, weightedI, i)
        jj = multiplyAdd(jj, weightedJ, j)
        kk = multiplyAdd(kk, weight * k, k)
        ij = multiplyAdd(ij, weightedI, j)
        ik = multiplyAdd(ik, weightedI, k)
        jk = multiplyAdd(jk, weightedJ, k)
      }
      store(ii, to: target + column)
      store(jj, to: target + field + column)
      store(kk, to: target + 2 * field + column)
      store(ij, to: target + 3 * field + column)
      store(ik, to: target + 4 * field + column)
      store(jk, to: target + 5 * field + column)
      column += wideLanes
    }
    if start == 0 { correct(0, row, alongJ, target) }
    if start + width == size.x { correct(size.x - 1, row, alongJ, target) }
  }

  /// A column at the face of the volume, whose difference along i is one-sided.
  @inline(never)
  private func correct(
    _ column: Int, _ row: Int, _ alongJ: Neighbours, _ target: UnsafeMutablePointer<Double>
  ) {
    let size = arguments.size
    let plane = size.x * size.y
    let first = arguments.region.plane - radius
    let alongI = Neighbours(column, of: size.x, step: 1)
    var (ii, jj, kk, ij, ik, jk) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for tap in 0..<taps {
      let alongK = Neighbours(first + tap, of: size.z, step: plane)
      let centre = (first + tap) * plane + row * size.x + column
      let weight = arguments.window.weights[tap]
      let i = (element(centre + alongI.above) - element(centre + alongI.below)) * alongI.factor
      let j = (element(centre + alongJ.above) - element(centre + alongJ.below)) * alongJ.factor
      let k = (element(centre + alongK.above) - element(centre + alongK.below)) * alongK.factor
      ii += weight * i * i
      jj += weight * j * j
      kk += weight * k * k
      ij += weight * i * j
      ik += weight * i * k
      jk += weight * j * k
    }
    let field = taps * stride
    let place = target + (column - columns.lowerBound + radius)
    place[0] = ii
    place[field] = jj
    place[2 * field] = kk
    place[3 * field] = ij
    place[4 * field] = ik
    place[5 * field] = jk
  }

  // MARK: - Along j and i

  @inline(never)
  private func filterAlongJ(from first: Int) {
    let width = columns.count + 2 * radius
    for product in 0..<6 {
      let rows = ring + product * taps * stride
      let target = lines + product * stride
      var column = 0
      while column < width {
        var sum = Wide.zero
        var slot = (first + taps) % taps
        for tap in 0..<taps {
          sum = multiplyAdd(
            sum, Wide(repeating: arguments.window.weights[tap]),
            load(rows + slot * stride + column))
          slot += 1
          if slot == taps { slot = 0 }
        }
        store(sum, to: target + column)
        column += wideLanes
      }
    }
  }

  @inline(never)
  private func finish(_ row: Int) {
    let rowStride = StructureTensorArguments.rowStride(columns: columns.count)
    let offset = row * rowStride
    let field = arguments.region.rows.count * rowStride
    var column = 0
    while column < columns.count {
      var (ii, jj, kk) = (Wide.zero, Wide.zero, Wide.zero)
      var (ij, ik, jk) = (Wide.zero, Wide.zero, Wide.zero)
      for tap in 0..<taps {
        let weight = Wide(repeating: arguments.window.weights[tap])
        let source = lines + column + tap
        ii = multiplyAdd(ii, weight, load(source))
        jj = multiplyAdd(jj, weight, load(source + stride))
        kk = multiplyAdd(kk, weight, load(source + 2 * stride))
        ij = multiplyAdd(ij, weight, load(source + 3 * stride))
        ik = multiplyAdd(ik, weight, load(source + 4 * stride))
        jk = multiplyAdd(jk, weight, load(source + 5 * stride))
      }
      let system = Eigensystem(ii: ii, jj: jj, kk: kk, ij: ij, ik: ik, jk: jk)
      let measures = BucketMeasures(system, arguments.bins)
      store(measures.bucket(arguments.bins), to: numbers + column)
      if let strength = arguments.strength {
        store(measures.strength, to: strength + offset + column)
      }
      if let coherence = arguments.coherence {
        store(measures.coherence, to: coherence + offset + column)
      }
      if let systems = arguments.eigensystem {
        let place = systems + offset + column
        store(system.largest, to: place)
        store(system.middle, to: place + field)
        store(system.smallest, to: place + 2 * field)
        store(system.i, to: place + 3 * field)
        store(system.j, to: place + 4 * field)
        store(system.k, to: place + 5 * field)
      }
      column += wideLanes
    }
    let buckets = arguments.buckets + offset
    for index in 0..<columns.count { buckets[index] = Int32(numbers[index]) }
  }
}
