import SIMDKernels
import TestSupport
import Testing

@testable import FusedInference
@testable import Workers

/// On a machine with several NUMA nodes each has its own rows of every layer: those that its workers
/// wrote, and so touched first, are those that they read, but for some at the edges.
@Suite struct NodeRowsTests {
  @Test(arguments: [2, 3, 4]) func everyLayerIsCutBetweenTheSameRows(nodes: Int) throws {
    let topology = try Topology.synthetic("numa:\(nodes) core:8 pu:1")
    let workers = topology.physicalCores
    // Nodes of equal size share items in the same way however many workers each has.
    let pool = try WorkerPool(
      placement: WorkerPlacement(
        workers: (0..<nodes).map { WorkerPlacement.Worker(processingUnits: [], node: $0) }))
    let upsampler = try Upsampler(
      network: try GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: pool)
    let input = GoldenInput(noiseOf: SIMD3(48, 192, 24))
    let plan = try upsampler.plan(
      inputSize: input.size, sampling: try input.sampling(scale: [2, 2, 2]),
      options: Upsampler.Options())
    let block = try #require(plan.layers.first?.blocks.first)
    let shape = block.shape
    let slab = shape.slabs.lowerBound + shape.slabs.count / 2
    let step = 0
    #expect(shape.bandsPerStep >= shape.bandCount)

    /// Rows of every item, in the order of the items.
    func check(_ name: String, _ items: [Range<Int>], margin: Int) {
      for (item, rows) in items.enumerated() {
        let node = pool.homeNode(ofItem: item, count: items.count)
        let all = items[0].lowerBound..<(items.map(\.upperBound).max() ?? 0)
        let first = all.lowerBound + all.count * node / nodes
        let last = all.lowerBound + all.count * (node + 1) / nodes
        #expect(
          rows.lowerBound >= first - margin && rows.upperBound <= last + margin,
          "\(name), node \(node) of \(nodes): rows \(rows) of \(first)..<\(last)")
      }
    }
    for layer in upsampler.encoder.program.steps {
      let region = shape.region(ofValue: layer.output, slab: slab, step: step)
      let depth = shape.stores[layer.output].depth
      switch layer.algorithm {
      case .direct:
        let count = upsampler.encoder.itemCount(
          layer, region, depth: depth, volume: input.size, workers: workers)
        check(
          layer.name, (0..<count).map { EncoderRunner.rows(ofItem: $0, of: region).rows },
          margin: 8)
      case .winograd:
        let tiles = LayerTiles(region, depth: depth, volume: input.size)
        let items = tiles.items(workers: workers)
        check(
          layer.name, (0..<items.count).map { tiles.written(items.rows($0)).rows }, margin: 16)
      }
    }
    let axes = try #require(plan.axes)
    let groups = RowGroup.groups(
      rows: axes[1].groups(axes[1].outputs(cells: block.cells[1])),
      planes: axes[2].groups(
        axes[2].outputs(cells: shape.planes(slab: slab, depth: shape.finalDepth))),
      mostRows: RowDecoder.mostRows, workers: workers)
    check("rows", groups.map { $0.rows }, margin: 8)
  }

  /// Whole planes are made in one step, so a band lies at the same place of its ring in every slab.
  @Test func bandsOfWholePlanesStayWhereTheyWereTouchedFirst() throws {
    let upsampler = try Upsampler(
      network: try GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 1))
    let input = GoldenInput(noiseOf: SIMD3(20, 40, 60))
    let plan = try upsampler.plan(
      inputSize: input.size, sampling: try input.sampling(scale: [2, 2, 2]),
      options: Upsampler.Options())
    let shape = try #require(plan.layers.first?.blocks.first?.shape)
    for store in shape.stores where store.floats > 0 {
      for plane in 0..<RowStore.slabPlanes {
        #expect(store.bands[plane] % store.bandsPerSlab == 0, "\(store)")
      }
    }
  }
}
