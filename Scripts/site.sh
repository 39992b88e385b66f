#!/usr/bin/env bash
# Makes the pages of the repository into a static site in .build/site, with MkDocs; a broken link ends it.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Scripts/venv.sh Documentation/requirements.txt .venv-site)
source=.build/site-source
rm -rf "$source"
# As they lie in the repository, so that links between them hold; files that others link to come along.
git ls-files -z --cached --others --exclude-standard \
  '*.md' 'Documentation/*.svg' 'Documentation/*.png' 'Documentation/schemas/*' CITATION.cff |
  while IFS= read -r -d '' file; do
    mkdir -p "$source/$(dirname "$file")"
    cp "$file" "$source/$file"
  done
"$python" -m mkdocs build --strict --quiet
# What a page shows and runs comes from the site itself; links may lead elsewhere.
if grep -rnoE '(src|srcset|data)="(https?:)?//[^"]*"|<link[^>]*href="(https?:)?//[^"]*"|(url\(|@import )["'"'"']?(https?:)?//[^)]*' \
  --include='*.html' --include='*.css' .build/site >&2; then
  echo 'site: these are fetched from elsewhere' >&2
  exit 1
fi
echo "site: .build/site/index.html"
