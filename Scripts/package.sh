#!/usr/bin/env bash
# Makes the Debian package .build/packages/arssr_VERSION_ARCHITECTURE.deb and prints its path.
#
# The same sources give the same bytes: times are those of SOURCE_DATE_EPOCH, by default of the last
# commit, and nothing of this machine goes in. MAINTAINER="Name <address>" is who answers for the package
# where it is given to others; the address that stands there otherwise is nobody's (RFC 2606).
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C.UTF-8
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(Scripts/source-date.sh)}

maintainer=${MAINTAINER:-The arssr contributors <arssr@example.org>}
form='^[^<>&/\\]+ <[^<>&/\\[:space:]]+@[^<>&/\\[:space:]]+>$'
[[ "$maintainer" =~ $form ]] ||
  { printf 'package: MAINTAINER="%s", must be "Name <address>"\n' "$maintainer" >&2; exit 1; }

packages=.build/packages
tree=$packages/debian
rm -rf "$tree"
mkdir -p "$tree"
Scripts/static-product.sh arssr "$tree/usr/bin/arssr"
version=$("$tree/usr/bin/arssr" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)

share=$tree/usr/share
install -Dm644 -t "$share/arssr/models" Models/*.safetensors
install -Dm644 -t "$share/arssr/models/metrics" Models/metrics/*.safetensors
install -Dm644 Packaging/completions/arssr.bash "$share/bash-completion/completions/arssr"
install -Dm644 Packaging/completions/_arssr "$share/zsh/vendor-completions/_arssr"
install -Dm644 Packaging/completions/arssr.fish "$share/fish/vendor_completions.d/arssr.fish"
install -dm755 "$share/man/man1"
for page in Packaging/man/*.1; do
  gzip -9nc "$page" > "$share/man/man1/$(basename "$page").gz"
done
install -Dm644 -t "$share/doc/arssr" CITATION.cff Models/NOTICE-deepBrain.txt
Scripts/copyright.sh > "$share/doc/arssr/copyright"
# The pages, and the volumes that the tutorials begin with, as they lie in the repository, so that links hold.
git ls-files -z README.md Documentation Models/README.md Samples Examples/slurm Examples/snakemake |
  while IFS= read -r -d '' file; do
    install -Dm644 "$file" "$share/doc/arssr/$file"
  done
gzip -9nc > "$share/doc/arssr/changelog.gz" <<EOF
arssr ($version) unstable; urgency=medium

  * What is new is told in CHANGELOG.md of the sources.

 -- $maintainer  $(date -uRd "@$SOURCE_DATE_EPOCH")
EOF

# dpkg-shlibdeps looks for debian/control in the folder where it runs.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/debian"
printf 'Source: arssr\n\nPackage: arssr\nArchitecture: any\n' > "$scratch/debian/control"
program=$PWD/$tree/usr/bin/arssr
depends=$(cd "$scratch" && dpkg-shlibdeps -O -e"$program" | sed 's/^shlibs:Depends=//')

mkdir "$tree/DEBIAN"
size=$(du -k --apparent-size -s "$tree/usr" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
  -e "s/@DEPENDS@/$depends/" -e "s/@MAINTAINER@/$maintainer/" Packaging/debian/control > "$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$tree/DEBIAN/md5sums"
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

package=$packages/arssr_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >&2
echo "$package"
