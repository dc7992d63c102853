#!/bin/sh
# Unpacks Hearth beside this file, if it is not there yet, and runs a command in it: by default the tests of the engine.
set -eu
cd "$(dirname "$0")"

if [ ! -d hearth ]; then
  cat hearth.tar.xz.* | python3 -c '
import sys, tarfile
tarfile.open(fileobj=sys.stdin.buffer, mode="r|xz").extractall()'
fi
cd hearth

# Where pip installs NVIDIA's libraries of CUDA 13.
libraries=${NVIDIA_LIBRARIES:-$(python3 -c '
import glob, site, sys
places = [folder + "/nvidia" for folder in site.getsitepackages() + [site.getusersitepackages()] + sys.path]
print(next((place for place in places if glob.glob(place + "/*/lib/libcudnn.so.9")), ""))')}
[ -n "$libraries" ] || {
  echo 'Expected the libraries of CUDA 13, got none. Set NVIDIA_LIBRARIES to the folder "nvidia" that has them.' >&2
  exit 1
}
for mlx in native/deps/mlx-*; do ln -sfn "$libraries" "$mlx/nvidia"; done

export PATH="$PWD/node_modules/.bin:$PATH"
export MLX_PTX_CACHE_DIR="${MLX_PTX_CACHE_DIR:-$PWD/../kernels}"
# As the CPU computes.
export MLX_ENABLE_TF32="${MLX_ENABLE_TF32:-0}"
[ $# -gt 0 ] || set -- node --experimental-vm-modules node_modules/jest/bin/jest.js --selectProjects engine --maxWorkers 4
case $1 in
  */hearth | hearth) shift && set -- node --disable-warning=ExperimentalWarning daemon/dist/cli/main.js "$@" ;;
esac
exec "$@"
