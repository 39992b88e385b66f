#!/usr/bin/env bash
# Checks the Debian package: twice the same bytes, nothing for lintian to say, and in a bare Debian
# it installs and upsamples to the same bytes as here. Writes Documentation/Results/packages.md.
#
# As root, for debootstrap. The bare Debian comes from where apt gets its packages here.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf 'package-test: %s\n' "$1"; }
[ "$(id -u)" -eq 0 ] || { echo 'package-test: a bare Debian takes root' >&2; exit 1; }

package=$(Scripts/package.sh)
first=$(sha256sum < "$package")
package=$(Scripts/package.sh)
[ "$first" = "$(sha256sum < "$package")" ]
step "made twice, the same bytes ($(stat -c %s "$package"), sha256 ${first%% *})"
program=.build/packages/debian/usr/bin/arssr
if grep -aqF "$PWD" "$program"; then
  echo 'package-test: the program holds the path that it was built in' >&2
  exit 1
fi
step 'no path of this machine in it'
[ "$(stat -c %s "$program")" -lt 40000000 ] || {
  echo 'package-test: the program holds the tables of Foundation; see contains in Workarounds.md' >&2
  exit 1
}

lintian --allow-root --fail-on error,warning "$package"
step 'lintian: nothing to say'

# The main archive, as apt knows it.
read -r mirror suite < <(apt-get indextargets --format '$(SITE) $(RELEASE)' \
  'Created-By: Packages' 'Component: main' | grep -v -e security -e updates | head -n 1)
root=.build/packages/root
if [ ! -e "$root/etc/debian_version" ]; then
  rm -rf "$root"
  debootstrap --variant=minbase "$suite" "$root" "$mirror" > .build/packages/debootstrap.log
  # The system here may know settings without which the archive is refused, such as one of old dates.
  cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
fi
work=$root/tmp/arssr
rm -rf "$work"
mkdir -p "$work"
cp "$package" Samples/sub-37_T1w_lr.nii.gz "$work"
cat > "$work/run" <<'RUN'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
cd /tmp/arssr
apt-get -qq update
apt-get -qq -y --no-install-recommends install ./arssr_*.deb > install.log 2>&1 ||
  { cat install.log; exit 1; }
arssr --version -v
arssr models list
arssr upsample --force --progress none sub-37_T1w_lr.nii.gz out.nii.gz
RUN
# What is mounted is gone with the name space, however this ends.
unshare --mount bash -c "mount -t proc proc '$root/proc' && mount --rbind /sys '$root/sys' &&
  chroot '$root' bash /tmp/arssr/run"
step "installed in a bare Debian $suite"

here=.build/packages/here.nii.gz
"$program" upsample --force --progress none Samples/sub-37_T1w_lr.nii.gz "$here"
cmp "$here" "$work/out.nii.gz"
step 'the packaged program makes the same bytes there as here'
if [ -x .build/release/arssr ]; then
  .build/release/arssr upsample --force --progress none Samples/sub-37_T1w_lr.nii.gz "$here"
  cmp "$here" "$work/out.nii.gz"
  step 'and the product of make build'
fi
chroot "$root" dpkg --purge arssr > /dev/null 2>&1

newest() { objdump -T "$program" | grep -o "$1_[0-9.]*" | sort -Vu | tail -n 1; }
python3 Scripts/result-section.py Documentation/Results/packages.md 'Debian package' <<EOF
\`make package-test\` on $(. /etc/os-release && echo "$PRETTY_NAME"), $(swift --version 2>/dev/null |
  sed -n 's/.*Swift version \([0-9.]*\).*/Swift \1/p' | head -n 1), $(date -u +%F).

| what | result |
| --- | --- |
| package | \`$(basename "$package")\`, $(stat -c %s "$package") bytes, installed $(dpkg-deb -f "$package" Installed-Size) KiB; made twice, the same bytes |
| program | $(stat -c %s "$program") bytes, stripped, Swift runtime inside |
| needs | $(dpkg-deb -f "$package" Depends) |
| newest symbols | $(newest GLIBC), $(newest GLIBCXX) |
| lintian $(lintian --version | grep -o '[0-9][0-9.]*' | head -n 1) | no error, no warning |
| bare Debian ($suite, debootstrap, minbase) | installs; \`arssr upsample\` of the sample: the same bytes as here |
EOF
step 'Documentation/Results/packages.md written'
