/// The looks of charts: colours as custom properties, light and dark, and the few classes that drawings use.
enum ChartStyleSheet {
  static let sans =
    "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif"

  /// What a page with charts needs once, and a picture of its own inside itself.
  static let text: String = {
    let lightLooks = ChartPalette.looks.enumerated().map { "--look-\($0):\($1.light)" }.joined(separator: ";")
    let darkLooks = ChartPalette.looks.enumerated().map { "--look-\($0):\($1.dark)" }.joined(separator: ";")
    let classes = ChartPalette.looks.indices.map { ".moso-chart .look-\($0){color:var(--look-\($0))}" }.joined()
    return """
      .moso-chart{--ground:\(ChartPalette.ground.light);--ink:#1c211d;--soft:#5c655d;--grid:#e6e9e1;--axis:#aab1a7;\
      --grey:#737b73;--band:.16;\(lightLooks);font:12px \(sans);font-variant-numeric:tabular-nums}
      @media screen and (prefers-color-scheme:dark){.moso-chart{--ground:\(ChartPalette.ground.dark);--ink:#e3e7e1;\
      --soft:#a1aaa2;--grid:#2a302c;--axis:#59625b;--grey:#8d968e;--band:.26;\(darkLooks)}}
      .moso-chart text{fill:var(--soft)}
      .moso-chart .ink{fill:var(--ink)}
      .moso-chart .title{fill:var(--ink);font-size:15px;font-weight:600}
      .moso-chart .halo{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
      .moso-chart .grid{stroke:var(--grid);fill:none}
      .moso-chart .axis{stroke:var(--axis);fill:none}
      .moso-chart .line{stroke:currentColor;fill:none;stroke-width:2;stroke-linejoin:round}
      .moso-chart .whole{stroke-linecap:round}
      .moso-chart .dots{stroke-width:6}
      .moso-chart .busy{stroke-width:1.2}
      .moso-chart .faint{stroke-width:1.1;opacity:.4}
      .moso-chart .thin{stroke:currentColor;fill:none;stroke-width:1.2}
      .moso-chart .band{fill:currentColor;opacity:var(--band)}
      .moso-chart .bar{fill:currentColor;opacity:.82}
      .moso-chart .mark{fill:currentColor;stroke:var(--ground);stroke-width:.8}
      .moso-chart .faint-mark{opacity:.4}
      .moso-chart .look-grey{color:var(--grey)}
      .moso-chart .spot{fill:currentColor;stroke:var(--ground);stroke-width:1.5;opacity:0}
      .moso-chart .target{fill:#fff;fill-opacity:0}
      .moso-chart .near:hover .spot{opacity:1}
      .moso-chart .near:hover .mark,.moso-chart .near:hover .bar{opacity:1;stroke:var(--ink)}
      \(classes)
      """
  }()

  /// What a picture of its own needs besides: its ground.
  static let alone = text + "\n.moso-chart{background:var(--ground);max-width:100%;height:auto}"
}
