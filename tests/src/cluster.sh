# One PostgreSQL cluster in a folder of its own, on 127.0.0.1:$2. It lives until standard input closes, which the
# system does when the test process ends, however it ends; then it is stopped and its folder removed.
# $1: the folder of PostgreSQL's programs. Says "ready" once connections are taken.
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/otasuketai-postgres.XXXXXX")
cd "$folder"
trap 'rm -rf "$folder"' EXIT
trap : INT TERM
"$1/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --no-locale >log 2>&1 || { cat log >&2; exit 1; }
"$1/postgres" -D data -p "$2" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$folder" \
    -c max_connections=400 -c fsync=on -c full_page_writes=on >>log 2>&1 </dev/null &
postgres=$!
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2" -U postgres; do
    kill -0 $postgres 2>/dev/null || { cat log >&2; exit 1; }
    sleep 0.05
done
echo ready
cat >/dev/null || :
kill -INT $postgres 2>/dev/null || :
wait $postgres || :
