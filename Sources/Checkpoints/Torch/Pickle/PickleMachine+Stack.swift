/// Reading from the bytes, and values, marks and memo.
extension PickleMachine {
  mutating func take<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type
  ) throws(CheckpointFault) -> Integer {
    guard let value = bytes.integer(at: position, as: type) else {
      throw .pickle(.truncated(offset: position))
    }
    position += MemoryLayout<Integer>.size
    return value
  }

  /// LONG1: a length byte and that many bytes of two's complement.
  mutating func takeLong() throws(CheckpointFault) -> Int {
    let length = Int(try take(UInt8.self))
    guard length <= 8 else { throw .pickle(.integer(bytes: length)) }
    guard let digits = bytes.slice(at: position, length: length) else {
      throw .pickle(.truncated(offset: position))
    }
    position += length
    let isNegative = digits.last.map { $0 >= 0x80 } ?? false
    return digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
  }

  /// BINFLOAT: big-endian, as the only number of a pickle.
  mutating func takeFloat() throws(CheckpointFault) -> Double {
    Double(bitPattern: try take(UInt64.self).byteSwapped)
  }

  /// Pushes a string; Python 2 strings are taken as Latin-1, one character per byte.
  mutating func pushString(length: Int, isLatin1: Bool) throws(CheckpointFault) {
    guard length <= PickleLimits.string else { throw stringTooLong(length) }
    guard let content = bytes.slice(at: position, length: length) else {
      throw .pickle(.truncated(offset: position))
    }
    position += length
    if isLatin1 {
      let scalars = content.map { Unicode.Scalar($0) }
      stack.append(try heap.makeString(String(String.UnicodeScalarView(scalars))))
    } else {
      guard let text = String(validating: content, as: UTF8.self) else { throw .pickle(.text) }
      stack.append(try heap.makeString(text))
    }
  }

  /// A length beyond the file means a cut file; beyond the limit only, a string nobody needs.
  private func stringTooLong(_ length: Int) -> CheckpointFault {
    length > bytes.count - position
      ? .pickle(.truncated(offset: position)) : .pickle(.string(bytes: length))
  }

  /// FRAME only groups what follows; its length must lie inside.
  mutating func checkFrame() throws(CheckpointFault) {
    let length = try take(UInt64.self)
    guard length <= UInt64(bytes.count - position) else { throw .pickle(.frame) }
  }

  mutating func push(
    _ kind: PickleCollection.Kind, _ elements: [PickleValue]
  ) throws(CheckpointFault) {
    stack.append(try heap.make(kind, elements))
  }

  /// Takes values from the stack; a mark protects everything below it.
  mutating func pop(
    _ count: Int, _ opcode: PickleOpcode
  ) throws(CheckpointFault) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw .pickle(.stackUnderflow(opcode: opcode.name))
    }
    // A copy: a slice would keep the stack shared and make the next change copy all of it.
    let values = Array(stack[(stack.count - count)...])
    stack.removeLast(count)
    return values
  }

  mutating func popOne(_ opcode: PickleOpcode) throws(CheckpointFault) -> PickleValue {
    try pop(1, opcode)[0]
  }

  mutating func setMark() throws(CheckpointFault) {
    guard marks.count < PickleLimits.marks else {
      throw .pickle(.limit("marks", PickleLimits.marks))
    }
    marks.append(stack.count)
  }

  mutating func popToMark(
    _ opcode: PickleOpcode
  ) throws(CheckpointFault) -> [PickleValue] {
    guard let height = marks.popLast() else { throw .pickle(.noMark(opcode: opcode.name)) }
    let values = Array(stack[height...])
    stack.removeLast(values.count)
    return values
  }

  /// The value that stays on the stack while others are put into it.
  func target(_ opcode: PickleOpcode) throws(CheckpointFault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw .pickle(.stackUnderflow(opcode: opcode.name))
    }
    return value
  }

  mutating func extendList(
    with elements: [PickleValue], _ opcode: PickleOpcode
  ) throws(CheckpointFault) {
    switch try target(opcode) {
    case .opaque: break
    case .collection(let index) where heap.collections[index].kind == .list:
      try heap.append(elements, to: index)
    case let other: throw .pickle(.target(opcode: opcode.name, found: heap.kind(of: other)))
    }
  }

  mutating func setItems(
    _ items: [PickleValue], _ opcode: PickleOpcode
  ) throws(CheckpointFault) {
    switch try target(opcode) {
    case .opaque:
      guard items.count.isMultiple(of: 2) else { throw .pickle(.oddItems) }
    case .collection(let index) where heap.collections[index].isDictionary:
      try heap.set(items, in: index)
    case let other: throw .pickle(.target(opcode: opcode.name, found: heap.kind(of: other)))
    }
  }

  mutating func remember(_ slot: UInt32) throws(CheckpointFault) {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw .pickle(.memoOfNothing)
    }
    // Picklers number the slots in sequence, so a slot beyond the limit is no honest one.
    guard slot < PickleLimits.memo else { throw .pickle(.memoSlot(slot)) }
    memo[slot] = value
  }

  mutating func recall(_ slot: UInt32) throws(CheckpointFault) {
    guard let value = memo[slot] else { throw .pickle(.memo(slot: slot)) }
    stack.append(value)
  }
}
