import Degradation

/// `--measured-psf`: blur of the input, FWHM over spacing.
struct MeasuredBlur: OptionValue, Equatable {
  var blur: MeasurementModel.Blur

  init(optionText text: String) throws(OptionValueError) {
    let widths = try BlurWidths(text, forms: "(0: point samples), or three of them (i,j,k)")
    blur = widths.isOne ? .uniform(widths.values.x) : .perAxis(widths.values)
  }
}
