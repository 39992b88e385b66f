import KernelInterface
import SIMDKernels
import Testing

/// The choice of kernels.
struct KernelTablesTests {
  @Test
  func genericIsAlwaysThereAndTheBestSetIsTheLast() {
    #expect(InstructionSet.available.first == .generic)
    #expect(InstructionSet.available.last == InstructionSet.best)
  }

  @Test
  func everyAvailableSetHasATableOfItsOwn() throws {
    for set in InstructionSet.available {
      #expect(try KernelTables.table(for: set).instructionSet == set)
    }
  }

  @Test
  func aSetThatTheMachineLacksIsRefusedWithTheOnesThatItHas() {
    for set in InstructionSet.allCases where !set.isAvailable {
      #expect(
        throws: SIMDKernelsError.notSupported(set, available: InstructionSet.available)
      ) { try KernelTables.table(for: set) }
    }
  }

  @Test(arguments: allTables)
  func peakCountsItsOperations(_ table: KernelTable) {
    let buffer = GuardedBuffer([Float](repeating: 0.5, count: 64))
    let once = table.peak(1, buffer.pointer)
    #expect(once > 0)
    #expect(table.peak(10, buffer.pointer) == 10 * once)
    let pairs = table.peakOfPairs(1, buffer.pointer)
    #expect(pairs == (table.instructionSet == .generic ? once : 2 * once))
    #expect(table.peakOfPairs(10, buffer.pointer) == 10 * pairs)
    #expect(buffer.zonesAreIntact)
  }
}
