/// The looks of report pages: the system's own faces, light and dark, on screens and on paper.
enum ReportStyleSheet {
  static let text = """
    :root{color-scheme:light dark;--ground:#fcfcfa;--side:#f3f4ef;--line:#dfe2d9;--text:#1c211d;--quiet:#5c655d;\
    --accent:#2f6b4a;--note:#2f6b4a;--good:#2f6b4a;--careful:#8a5a00;--bad:#a3341f}
    @media screen and (prefers-color-scheme:dark){:root{--ground:#171a18;--side:#1f2321;--line:#2e3431;--text:#e3e7e1;\
    --quiet:#a1aaa2;--accent:#86c79d;--note:#86c79d;--good:#86c79d;--careful:#e6b450;--bad:#f0957f}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0 auto;max-width:76rem;padding:clamp(1.25rem,4vw,3.5rem) clamp(1rem,4vw,3rem) 4rem;\
    background:var(--ground);color:var(--text);font:1rem/1.6 \(ChartStyleSheet.sans)}
    h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);line-height:1.2;letter-spacing:-.015em;margin:0;text-wrap:balance;\
    overflow-wrap:anywhere}
    h2{font-size:1.35rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 1rem;overflow-wrap:anywhere}
    h3{font-size:1.05rem;margin:2rem 0 .5rem;overflow-wrap:anywhere}
    p{margin:0 0 1rem;max-width:44rem;overflow-wrap:anywhere}
    a{color:var(--accent);\
    text-decoration-color:color-mix(in srgb,currentColor 35%,transparent);text-underline-offset:.2em}
    a:hover{text-decoration-color:currentColor}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
    code,pre{font-family:ui-monospace,"SF Mono",\
    "Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
    p code,dd code,td code{background:var(--side);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
    td code{white-space:nowrap}
    .subtitle{color:var(--quiet);font-size:1.1rem;margin:.5rem 0 0;max-width:none}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.4rem;margin:1.5rem 0 0;padding:.8rem 0;\
    border-block:1px solid var(--line);font-size:.95rem}
    nav a{text-decoration:none}
    section{margin-top:3rem;scroll-margin-top:1rem}
    .anchor{margin-left:.4em;text-decoration:none;opacity:0;font-weight:400}
    h2:hover .anchor,.anchor:focus-visible{opacity:.7}
    .remark{color:var(--quiet);font-size:.9rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));margin:0 0 1.5rem;\
    border:1px solid var(--line);border-radius:10px;overflow:hidden}
    .figures div{padding:.9rem 1.1rem;margin:0 -1px -1px 0;border:solid var(--line);border-width:0 1px 1px 0}
    .figures dt{color:var(--quiet);font-size:.88rem}
    .figures dd{margin:0;font-size:1.5rem;line-height:1.35;font-weight:600;letter-spacing:-.01em;overflow-wrap:anywhere}
    .figures .remark{font-size:.85rem;font-weight:400;letter-spacing:0}
    .facts{margin:0 0 1.5rem;columns:24rem 2;column-gap:3rem}
    .facts div{display:grid;grid-template-columns:minmax(7rem,2fr) 3fr;gap:1rem;padding:.4rem 0;\
    border-bottom:1px solid var(--line);break-inside:avoid}
    .facts dt{color:var(--quiet);overflow-wrap:anywhere}
    .facts dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .table{overflow-x:auto;margin:0 0 1.5rem}
    table{border-collapse:collapse;min-width:min(100%,28rem);font-size:.95rem}
    caption{text-align:start;color:var(--quiet);padding:0 0 .5rem}
    th,td{padding:.45rem 1.5rem .45rem 0;text-align:start;vertical-align:baseline;border-bottom:1px solid var(--line)}
    th{color:var(--quiet);font-weight:500;border-bottom-color:var(--quiet);white-space:nowrap}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .emphasized td{font-weight:600}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,23rem),1fr));gap:2.25rem 2.5rem;\
    margin:1.25rem 0 2rem}
    .charts:not(.lone) figure{max-width:40rem}
    .lone{grid-template-columns:minmax(0,1fr)}
    figure{margin:0;min-width:0;container-type:inline-size;break-inside:avoid}
    figcaption{margin:0 0 .6rem;line-height:1.45;overflow-wrap:anywhere}
    figcaption span{display:block;color:var(--quiet);font-size:.92rem;max-width:60rem}
    figure .remark{margin:.35rem 0 0}
    .moso-chart{display:block;width:100%;height:auto}
    .narrow,.wide+.medium{display:none}
    @container (max-width:53rem){.wide{display:none}.wide+.medium{display:block}}
    @container (max-width:29rem){.medium,.wide+.medium{display:none}.narrow{display:block}}
    .sample{margin:0 0 1.5rem;container-type:normal}
    .sample figcaption{color:var(--quiet);font-size:.92rem;margin-bottom:.35rem}
    pre{margin:0;padding:.9rem 1.1rem;background:var(--side);border-radius:8px;white-space:pre-wrap;\
    overflow-wrap:anywhere;max-height:30rem;overflow-y:auto;line-height:1.55;unicode-bidi:isolate}
    details{margin:0 0 1rem;border:1px solid var(--line);border-radius:8px}
    summary{cursor:pointer;padding:.6rem 1rem;font-weight:500;overflow-wrap:anywhere}
    details>div{padding:.25rem 1rem .25rem}
    details>div>:first-child{margin-top:.5rem}
    .callout{--tone:var(--note);\
    border-left:4px solid var(--tone);background:color-mix(in srgb,var(--tone) 8%,transparent);\
    border-radius:0 8px 8px 0;padding:.75rem 1.1rem;margin:0 0 1.25rem}
    .callout p{margin:0;max-width:60rem}
    .callout strong{color:var(--tone);display:block;font-size:.92rem}
    .success{--tone:var(--good)}.warning{--tone:var(--careful)}.failure{--tone:var(--bad)}
    footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--quiet);font-size:.9rem}
    @page{margin:16mm}
    @media print{body{max-width:none;padding:0;font-size:10pt}nav,.anchor{display:none}section{margin-top:1.6rem}\
    h2,h3{break-after:avoid}tr{break-inside:avoid}pre{max-height:none;border:1px solid var(--line)}\
    .charts{grid-template-columns:1fr 1fr}.lone{grid-template-columns:1fr}\
    \
    .charts .medium,.charts .wide,.charts .narrow{display:none}\
    .charts:not(.lone) .narrow,.lone .wide+.medium{display:block}}
    """
}
