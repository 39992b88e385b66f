/// A pickle of a float64 vector, by comparison with the bytes that NumPy writes for one.
///
/// There is no pickle machine here: for protocols 3 and 4, both names of NumPy's module and 1 to 31
/// numbers the whole file is fixed but for the numbers themselves, so it is compared byte by byte.
package enum NumPyVectorPickle {
  /// Most numbers whose bytes have a length of one byte.
  private static let mostValues = 31

  /// The numbers; nil where the bytes are anything else.
  package static func values(in bytes: [UInt8]) -> [Double]? {
    for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
      for count in 1...mostValues {
        for (head, tail) in [protocol3(module, count), protocol4(module, count)]
        where head.count + 8 * count + tail.count == bytes.count {
          guard bytes.starts(with: head), bytes.suffix(tail.count).elementsEqual(tail) else {
            continue
          }
          return (0..<count).map { number in
            let place = head.count + 8 * number
            let pattern = (0..<8).reversed().reduce(UInt64(0)) {
              $0 << 8 | UInt64(bytes[place + $1])
            }
            return Double(bitPattern: pattern)
          }
        }
      }
    }
    return nil
  }

  private typealias Frame = (head: [UInt8], tail: [UInt8])

  private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// What comes before and behind the numbers in protocol 3.
  ///
  /// Opcodes: c GLOBAL, q BINPUT, K BININT1, 0x85 and 0x87 TUPLE1 and 3, C SHORT_BINBYTES, R REDUCE,
  /// ( MARK, X BINUNICODE, 0x89 NEWFALSE, 0x88 NEWTRUE, N NONE, J BININT, t TUPLE, b BUILD, . STOP.
  private static func protocol3(_ module: String, _ count: Int) -> Frame {
    var head: [UInt8] = [0x80, 3]
    head += ascii("c\(module)\n_reconstruct\nq") + [0] + ascii("cnumpy\nndarray\nq") + [1]
    head += ascii("K") + [0, 0x85] + ascii("q") + [2] + ascii("C") + [1] + ascii("bq") + [3, 0x87]
    head += ascii("q") + [4] + ascii("Rq") + [5] + ascii("(K") + [1] + ascii("K")
    head += [UInt8(count), 0x85] + ascii("q") + [6] + ascii("cnumpy\ndtype\nq") + [7]
    head += ascii("X") + [2, 0, 0, 0] + ascii("f8q") + [8, 0x89, 0x88, 0x87] + ascii("q") + [9]
    head += ascii("Rq") + [10] + ascii("(K") + [3] + ascii("X") + [1, 0, 0, 0] + ascii("<q") + [11]
    head += ascii("NNN") + minusOne + minusOne + ascii("K") + [0] + ascii("tq") + [12]
    head += ascii("b") + [0x89] + ascii("C") + [UInt8(8 * count)]
    return (head, ascii("q") + [13] + ascii("tq") + [14] + ascii("b."))
  }

  /// The same with 0x95 FRAME, 0x8C SHORT_BINUNICODE, 0x94 MEMOIZE, 0x93 STACK_GLOBAL, h BINGET.
  private static func protocol4(_ module: String, _ count: Int) -> Frame {
    func text(_ value: String) -> [UInt8] {
      [0x8C, UInt8(value.utf8.count)] + ascii(value) + [0x94]
    }
    var body = text(module) + text("_reconstruct") + [0x93, 0x94]
    body += text("numpy") + text("ndarray") + [0x93, 0x94]
    body += ascii("K") + [0, 0x85, 0x94] + ascii("C") + [1] + ascii("b") + [0x94, 0x87, 0x94]
    body += ascii("R") + [0x94] + ascii("(K") + [1] + ascii("K") + [UInt8(count), 0x85, 0x94]
    body += ascii("h") + [3] + text("dtype") + [0x93, 0x94] + text("f8")
    body += [0x89, 0x88, 0x87, 0x94]
    body += ascii("R") + [0x94] + ascii("(K") + [3] + text("<") + ascii("NNN") + minusOne + minusOne
    body += ascii("K") + [0] + ascii("t") + [0x94] + ascii("b") + [0x89]
    body += ascii("C") + [UInt8(8 * count)]
    let tail: [UInt8] = [0x94] + ascii("t") + [0x94] + ascii("b.")
    let length = body.count + 8 * count + tail.count
    let frame = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return ([0x80, 4, 0x95] + frame + body, tail)
  }

  private static let minusOne: [UInt8] = Array("J".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]
}
