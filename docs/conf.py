"""How the manual is built: Markdown pages, no network, every warning an error (`make docs`)."""

project = "Motrice"
author = "The Motrice maintainers"
project_copyright = author
language = "en"
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Motrice"
html_copy_source = False
html_show_sphinx = False
exclude_patterns = ["_build"]
nitpicky = True
