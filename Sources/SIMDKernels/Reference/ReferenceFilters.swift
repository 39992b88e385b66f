import KernelInterface

/// Plain loops of the kernels of gradient filters; they define the truth for those.
let referenceFilters = FilterKernels(
  findBuckets: referenceBuckets,
  applyFilter: { arguments in
    for n in 0..<arguments.count {
      arguments.values[n] = referenceFilterSum(arguments, at: arguments.voxels[n])
    }
  },
  gatherPatches: { arguments in
    for number in 0..<arguments.count { referenceSample(arguments, number) }
  },
  addOuterProducts: { arguments in
    for panel in arguments.panels {
      let end = min(arguments.rows.upperBound, panel + 1)
      for row in (32 * arguments.rows.lowerBound)..<(32 * max(arguments.rows.lowerBound, end)) {
        for column in 0..<32 {
          let rows = row / 32 * arguments.stride * 32 + row % 32
          let columns = panel * arguments.stride * 32 + column
          let sum =
            switch arguments.samples {
            case .single(let samples):
              Double(referenceDotProduct(samples + rows, samples + columns, arguments.count))
            case .double(let samples):
              referenceDotProduct(samples + rows, samples + columns, arguments.count)
            }
          let place = SymmetricPanels.start(ofPanel: panel) + row * 32 + column
          arguments.sums[place] += arguments.subtracts ? -sum : sum
        }
      }
    }
  },
  solveTriangle: { arguments in
    for row in 0..<32 {
      let scale = 1 / arguments.triangle[row * 32 + row]
      for column in 0..<32 {
        var value = arguments.square[row * 32 + column]
        for above in 0..<row {
          value -=
            arguments.triangle[above * 32 + row] * arguments.square[above * 32 + column]
        }
        arguments.square[row * 32 + column] = value * scale
        arguments.copy[row * 32 + column] = value * scale
      }
    }
  })

/// One sample, number by number.
private func referenceSample(_ arguments: PatchSampleArguments, _ number: Int) {
  let (patch, voxel) = (arguments.patch, arguments.voxels[number])
  let half = patch / 2
  let tapCount = patch * patch * patch
  let isCentred = if case .single = arguments.samples { true } else { false }
  let centre = isCentred ? Double(Float(arguments.image[voxel])) : 0
  func value(_ element: Int) -> Double {
    switch element {
    case ..<tapCount:
      let (row, i) = element.quotientAndRemainder(dividingBy: patch)
      let (k, j) = row.quotientAndRemainder(dividingBy: patch)
      let place =
        voxel + (k - half) * arguments.planeStride + (j - half) * arguments.rowStride + i - half
      return arguments.image[place] - centre
    case tapCount: return arguments.truth[voxel] - centre
    case tapCount + 1: return centre
    default: return 0
    }
  }
  for element in 0..<(PatchSampleArguments.panels(patch: patch).panelCount * 32) {
    let place = (element / 32 * arguments.count + number) * 32 + element % 32
    switch arguments.samples {
    case .single(let samples): samples[place] = Float(value(element))
    case .double(let samples): samples[place] = value(element)
    }
  }
}

/// Over the samples of two panels.
private func referenceDotProduct<Element: BinaryFloatingPoint>(
  _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, _ count: Int
) -> Element {
  var sum: Element = 0
  for sample in 0..<count { sum += a[32 * sample] * b[32 * sample] }
  return sum
}

private func referenceFilterSum(_ arguments: PatchFilterArguments, at voxel: Int) -> Float {
  let half = arguments.patch / 2
  let rowFloats = PatchFilterArguments.rowFloats(patch: arguments.patch)
  var sum: Float = 0
  for k in 0..<arguments.patch {
    for j in 0..<arguments.patch {
      let taps = arguments.filter + (k * arguments.patch + j) * rowFloats
      let place =
        voxel + (k - half) * arguments.planeStride + (j - half) * arguments.rowStride - half
      for i in 0..<arguments.patch { sum += taps[i] * arguments.image[place + i] }
    }
  }
  return sum
}

/// Every voxel by itself: the whole window, then Jacobi's method.
private func referenceBuckets(_ arguments: StructureTensorArguments) {
  let (rows, columns) = (arguments.region.rows, arguments.region.columns)
  let stride = StructureTensorArguments.rowStride(columns: columns.count)
  let field = rows.count * stride
  for row in rows {
    for column in columns {
      let tensor = structureTensor(arguments, column, row)
      let system = SymmetricSystem(tensor)
      let measures = ReferenceMeasures(system, arguments.bins)
      let place = (row - rows.lowerBound) * stride + column - columns.lowerBound
      arguments.buckets[place] = Int32(measures.bucket(arguments.bins))
      arguments.strength?[place] = measures.strength
      arguments.coherence?[place] = measures.coherence
      if let systems = arguments.eigensystem {
        for number in 0..<3 {
          systems[number * field + place] = system.values[number]
          systems[(3 + number) * field + place] = system.vector[number]
        }
      }
    }
  }
}

/// The upper triangle: ii, jj, kk, ij, ik, jk.
private func structureTensor(
  _ arguments: StructureTensorArguments, _ column: Int, _ row: Int
) -> [Double] {
  let size = arguments.size
  let strides = SIMD3(1, size.x, size.x * size.y)
  func value(_ offset: Int) -> Double {
    switch arguments.image {
    case .single(let image): Double(image[offset])
    case .double(let image): image[offset]
    }
  }
  let (radius, weights) = (arguments.window.radius, arguments.window.weights)
  var tensor = [Double](repeating: 0, count: 6)
  for c in 0...(2 * radius) {
    for b in 0...(2 * radius) {
      for a in 0...(2 * radius) {
        let place = SIMD3(
          column + a - radius, row + b - radius, arguments.region.plane + c - radius)
        let offset = (place &* strides).wrappedSum()
        let gradient = (0..<3).map { axis -> Double in
          let isFirst = place[axis] == 0
          let isLast = place[axis] == size[axis] - 1
          let difference =
            value(offset + (isLast ? 0 : strides[axis]))
            - value(offset - (isFirst ? 0 : strides[axis]))
          return isFirst || isLast ? difference : difference / 2
        }
        let weight = weights[a] * weights[b] * weights[c]
        for (product, (p, q)) in [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)].enumerated() {
          tensor[product] += weight * gradient[p] * gradient[q]
        }
      }
    }
  }
  return tensor
}

/// Eigenvalues in falling order and the vector of the first, by Jacobi's method.
private struct SymmetricSystem {
  let values: [Double]
  let vector: [Double]

  init(_ tensor: [Double]) {
    var a = [
      [tensor[0], tensor[3], tensor[4]], [tensor[3], tensor[1], tensor[5]],
      [tensor[4], tensor[5], tensor[2]],
    ]
    var v = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    // Quadratic convergence: a matrix is diagonal to the last bit after 6 sweeps.
    for _ in 0..<12 {
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for row in 0..<3 {
          let (x, y) = (a[row][p], a[row][q])
          (a[row][p], a[row][q]) = (c * x - s * y, s * x + c * y)
        }
        for column in 0..<3 {
          let (x, y) = (a[p][column], a[q][column])
          (a[p][column], a[q][column]) = (c * x - s * y, s * x + c * y)
          let (f, g) = (v[column][p], v[column][q])
          (v[column][p], v[column][q]) = (c * f - s * g, s * f + c * g)
        }
      }
    }
    let order = (0..<3).sorted { a[$0][$0] > a[$1][$1] }
    values = order.map { a[$0][$0] }
    vector = (0..<3).map { v[$0][order[0]] }
  }
}

/// What buckets are made of.
private struct ReferenceMeasures {
  let strength: Double
  let coherence: Double
  private let vector: [Double]

  init(_ system: SymmetricSystem, _ bins: BucketTables) {
    let values = system.values.map { max(0, $0) }
    let sum = values.reduce(0, +)
    strength = bins.usesTrace ? sum : values[0]
    if sum == 0 {
      coherence = .infinity
    } else if bins.usesAnisotropy {
      let above = values.reduce(0) { $0 + ($1 - sum / 3) * ($1 - sum / 3) }
      let below = values.reduce(0) { $0 + $1 * $1 }
      coherence = (1.5 * above / below).squareRoot()
    } else {
      let roots = values.map { $0.squareRoot() }
      coherence = (roots[0] - roots[1] - roots[2]) / (roots[0] + roots[1] + roots[2])
    }
    vector = system.vector[1] < 0 ? system.vector.map { -$0 } : system.vector
  }

  func bucket(_ bins: BucketTables) -> Int {
    let isUpright = vector[0] == 0 && vector[1] == 0
    let azimuth = (0..<(bins.azimuthCount - 1)).count { border in
      !isUpright
        && vector[1] * bins.azimuth[2 * border] >= vector[0] * bins.azimuth[2 * border + 1]
    }
    let polar = (0..<(bins.polarCount - 1)).count { vector[2] <= bins.polar[$0] }
    let strengthBin = (0..<(bins.strengthCount - 1)).count { strength > bins.strength[$0] }
    let coherenceBin = (0..<(bins.coherenceCount - 1)).count { coherence > bins.coherence[$0] }
    return ((azimuth * bins.polarCount + polar) * bins.strengthCount + strengthBin)
      * bins.coherenceCount + coherenceBin
  }
}
