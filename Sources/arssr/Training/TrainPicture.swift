import Reports
import Training
import Volumes

/// `sample.png`: a piece of a validation volume as the model computes it, beside input and truth.
enum TrainPicture {
  /// Draws it; a picture that cannot be written is no reason to stop.
  static func write(_ picture: ValidationPicture, step: Int, to path: String) {
    func column(_ title: String, _ volume: Volume) -> ContactSheet.Column {
      ContactSheet.Column(title: title, captions: [], volume: volume)
    }
    let sheet = ContactSheet(
      columns: [
        column("input", picture.input), column("cubic", picture.cubic),
        column("step \(step)", picture.result), column("truth", picture.truth),
      ],
      footnote: "The middle of a validation volume, \(picture.source.name), scale "
        + "\(TripleText.text(picture.scale)). Pixels are voxels.")
    try? sheet.write(path: path, force: true)
  }
}
