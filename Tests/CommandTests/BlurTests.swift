import Foundation
import TestSupport
import Testing

/// `--psf` with models that divide the blur out of their input.
@Suite struct BlurTests {
  /// A folder with `in.nii` (spacing 1, 1, 2 mm) and the model `m.safetensors`.
  private func folder() throws -> Scratch {
    let folder = try Scratch.withVolume()
    let source = Golden.folder("interim").appendingPathComponent("interim.pkl").path
    let settings = [
      "arssr.final_relu=false", "arssr.residual=bspline3", "arssr.padding=border",
      "arssr.coordinates=relative", "arssr.condition=deconvolution",
      "arssr.deconvolution.lambda=0.02", "arssr.normalisation=percentile:0.1,99.9",
    ].flatMap { ["--set", $0] }
    let run = try Program.run(
      ["models", "convert", source, "m.safetensors"] + settings, in: folder)
    #expect(run.status == 0, "\(run)")
    return folder
  }

  /// The voxels and what the sidecar says, of a run that must succeed.
  private func result(
    _ options: String, _ folder: Scratch
  ) throws -> (voxels: Data, details: [String: Any], warnings: String) {
    let run = try Program.run(
      "upsample --force -m m.safetensors \(options) in.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let sidecar = try folder.json("o.json")
    #expect(try JSONSchema("arssr.sidecar/1").violations(sidecar) == [])
    return (
      try folder.read("o.nii"), try #require(sidecar["Arssr"] as? [String: Any]), run.error
    )
  }

  @Test func aBlurIsOneNumberOrOnePerAxis() throws {
    let folder = try folder()
    let whole = try result("--psf 0.8", folder)
    #expect(whole.details["PSF"] as? [Double] == [0.8, 0.8, 0.8])
    let rule = try #require(whole.details["Deconvolution"] as? [String: Any])
    #expect(rule["Lambda"] as? Double == 0.02)
    #expect(rule["Version"] as? Int == 1)
    #expect(try result("--psf 0.8,0.8,0.8", folder).voxels == whole.voxels)
    let thick = try result("--psf 0.8 --isotropic", folder)
    #expect(thick.details["PSF"] as? [Double] == [0, 0, 0.8])
    #expect(try result("--psf 0,0,0.8 --isotropic", folder).voxels == thick.voxels)
    let none = try result("", folder)
    #expect(none.details["PSF"] as? [Double] == [0, 0, 0])
    #expect(try result("--psf 0", folder).voxels == none.voxels)
    #expect(none.voxels != whole.voxels)
    for words in ["--psf -1", "--psf 1,1", "--psf 11", "--psf automatic"] {
      let run = try Program.run("upsample -m m.safetensors \(words) in.nii p.nii", in: folder)
      #expect(run.status == 64, "\(run)")
    }
  }

  /// Spacings that differ by what headers round, or by what three decimals do.
  @Test(arguments: ["--isotropic", "--spacing 0.868,0.868,0.868", "--spacing 0.868,0.868,1"])
  func roundedSpacingsAreNotFiner(_ target: String) throws {
    let folder = try folder()
    var volume = SampleVolume()
    volume.spacing = [0.868055, 0.868057, 3]
    try folder.write(volume.data, to: "in.nii")
    let run = try result("--psf 1 \(target)", folder)
    #expect(run.details["PSF"] as? [Double] == [0, 0, 1])
  }

  @Test func modelsInfoTellsTheRule() throws {
    let folder = try folder()
    let run = try Program.run("models info m.safetensors", in: folder)
    #expect(run.output.contains("divides the blur out (lambda 0.02)"), "\(run)")
    let json = try JSONText.object(
      Program.run("models info --format json m.safetensors", in: folder).outputBytes)
    #expect(try JSONSchema("arssr.model/1").violations(json) == [])
    let variants = try #require(json["variants"] as? [String: Any])
    let condition = try #require(variants["condition"] as? [String: Any])
    #expect(condition["name"] as? String == "deconvolution")
    #expect(condition["lambda"] as? Double == 0.02)
  }

  /// Slices 2 mm apart.
  @Test(arguments: [
    (#"{"MRAcquisitionType": "2D", "SliceThickness": 1.5}"#, [0, 0, 0.75], false),
    (
      #"{"MRAcquisitionType": "2D", "SliceThickness": 2.5, "SpacingBetweenSlices": 2.02}"#,
      [0, 0, 1.25], false
    ),
    (
      #"{"MRAcquisitionType": "2D", "SliceThickness": 1, "SliceEncodingDirection": "j-"}"#,
      [0, 1, 0], false
    ),
    (#"{"SliceThickness": 2}"#, [0, 0, 1], false),
    (#"{"SliceThickness": 2, "SliceEncodingDirection": "i"}"#, [0, 0, 0], true),
    (#"{"MRAcquisitionType": "3D", "SliceThickness": 2}"#, [0, 0, 0], false),
    (
      #"{"MRAcquisitionType": "2D", "SliceThickness": 4, "SpacingBetweenSlices": 4}"#, [0, 0, 0],
      true
    ),
    (#"{"MRAcquisitionType": "2D"}"#, [0, 0, 0], true), ("no JSON", [0, 0, 0], true),
  ])
  func theSidecarTellsTheBlur(_ sidecar: String, _ blur: [Double], _ isUnknown: Bool) throws {
    let folder = try folder()
    try folder.write(sidecar, to: "in.json")
    let automatic = try result("--psf auto", folder)
    #expect(automatic.details["PSF"] as? [Double] == blur)
    #expect(automatic.warnings.contains("so 0 is used, the safe choice") == isUnknown)
    let text = blur.map { "\($0)" }.joined(separator: ",")
    #expect(try result("--psf \(text)", folder).voxels == automatic.voxels)
  }

  @Test func aDegradedVolumeTellsItsBlurExactly() throws {
    let folder = try folder()
    let made = try Program.run(
      "degrade --operator psf --scale 1,2,1.5 --fwhm 1,1.6,1.5 in.nii low.nii", in: folder)
    #expect(made.status == 0, "\(made)")
    let run = try Program.run(
      "upsample -m m.safetensors --psf auto low.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let details = try #require(try folder.json("o.json")["Arssr"] as? [String: Any])
    let widths = try #require(details["PSF"] as? [Double])
    // 1.6 mm of 2, and 1.5 mm of 3.
    for (width, expected) in zip(widths, [0, 0.8, 0.5]) { #expect(abs(width - expected) < 1e-9) }
  }

  @Test func withoutASidecarNothingIsKnown() throws {
    let folder = try folder()
    let run = try result("--psf auto", folder)
    #expect(run.warnings.contains("so 0 is used, the safe choice"))
    #expect(try result("", folder).voxels == run.voxels)
  }
}
