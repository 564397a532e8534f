# Read by the scripts that repeat the measurements of a page: runs the steps of an experiment and keeps their results.
# Before it is read, $0 begins with a comment that describes the script.

# usage: the comment at the beginning of the script.
usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

ernie4j=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)/ernie4j

# step NAME ARGUMENT...: a command whose output becomes $out/NAME.txt when it has ended. A step that has ended only shows
# its output, and an interrupted one continues.
step() {
  local name=$1
  shift
  echo "ernie4j $*"
  if [ ! -f "$out/$name.txt" ]; then
    local further=()
    case $1 in
      train | distill) if [ -e "$out/$name/checkpoint.safetensors" ]; then further=(--resume); fi ;;
      compress) if [ -e "$out/$name" ]; then further=(--resume); fi ;;
    esac
    "$ernie4j" "$@" ${further[@]+"${further[@]}"} > "$out/$name.part"
    mv "$out/$name.part" "$out/$name.txt"
  fi
  cat "$out/$name.txt"
}

# choose ALL PART...: sets $chosen to the given parts, or to all of them if none is given.
choose() {
  local all=$1 part
  shift
  for part; do
    case " $all " in
      *" $part "*) ;;
      *)
        echo "PART: expected some of '$all', got '$part'" >&2
        exit 2
        ;;
    esac
  done
  chosen=("$@")
  if [ $# -eq 0 ]; then IFS=' ' read -r -a chosen <<< "$all"; fi
}
