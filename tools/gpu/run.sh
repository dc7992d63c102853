#!/bin/sh
# Unpacks Hearth beside this file, if it is not there yet, and runs a command with it: by default the tests of the engine.
set -eu
place=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
root=$place/hearth

if [ ! -d "$root" ]; then
  cat "$place"/hearth.tar.xz.* | python3 -c '
import sys, tarfile
tarfile.open(fileobj=sys.stdin.buffer, mode="r|xz").extractall(sys.argv[1])' "$place"
fi

# Where pip installs NVIDIA's libraries of CUDA 13.
libraries=${NVIDIA_LIBRARIES:-$(python3 -c '
import glob, site, sys
places = [folder + "/nvidia" for folder in site.getsitepackages() + [site.getusersitepackages()] + sys.path]
print(next((place for place in places if glob.glob(place + "/*/lib/libcudnn.so.9")), ""))')}
[ -n "$libraries" ] || {
  echo 'Expected the libraries of CUDA 13, got none. Set NVIDIA_LIBRARIES to the folder "nvidia" that has them.' >&2
  exit 1
}
for mlx in "$root"/native/deps/mlx-*; do ln -sfn "$libraries" "$mlx/nvidia"; done

export PATH="$root/node_modules/.bin:$PATH"
export MLX_PTX_CACHE_DIR="${MLX_PTX_CACHE_DIR:-$place/kernels}"
case ${1:-} in
  '')
    cd "$root"
    # The tests compare with answers that were computed without it.
    export MLX_ENABLE_TF32=0
    exec node --experimental-vm-modules node_modules/jest/bin/jest.js --selectProjects engine --maxWorkers 4
    ;;
  ./hearth | hearth)
    shift
    exec node --disable-warning=ExperimentalWarning "$root/daemon/dist/cli/main.js" "$@"
    ;;
  *) exec "$@" ;;
esac
