"""Recipes of containers: the Debian package on a bare Debian."""

CONTAINERFILE = '''\
# {abstract}
#
# In a folder that holds the package made by 'make package':
#   podman build -f Containerfile -t arssr:{version} .
#   podman run --rm -v "$PWD:/data" -w /data arssr:{version} upsample in.nii.gz out.nii.gz
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="arssr" \\
      org.opencontainers.image.description="{abstract}" \\
      org.opencontainers.image.version="{version}" \\
      org.opencontainers.image.licenses="Apache-2.0 AND CC0-1.0 AND CECILL-B AND BSD-2-Clause"
COPY arssr_{version}_*.deb /tmp/
RUN apt-get update \\
 && apt-get install -y --no-install-recommends /tmp/arssr_{version}_*.deb libcairo2 \\
 && rm -rf /tmp/arssr_*.deb /var/lib/apt/lists/*
ENTRYPOINT ["arssr"]
CMD ["--help"]
'''

APPTAINER = '''\
# {abstract}
#
# In a folder that holds the package made by 'make package':
#   apptainer build arssr_{version}.sif arssr.def
#   apptainer run arssr_{version}.sif upsample in.nii.gz out.nii.gz
Bootstrap: docker
From: debian:bookworm-slim

%files
    arssr_{version}_amd64.deb /tmp/arssr_{version}_amd64.deb

%post
    apt-get update
    apt-get install -y --no-install-recommends /tmp/arssr_{version}_amd64.deb libcairo2
    rm -rf /tmp/arssr_*.deb /var/lib/apt/lists/*

%runscript
    exec arssr "$@"

%labels
    Version {version}
    License Apache-2.0 AND CC0-1.0 AND CECILL-B AND BSD-2-Clause

%help
    {abstract}
'''


def files(program):
    words = {"abstract": program.root.abstract, "version": program.version}
    return {
        "container/Containerfile": CONTAINERFILE.format(**words),
        "container/arssr.def": APPTAINER.format(**words),
    }
