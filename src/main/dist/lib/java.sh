# Read by the scripts of Tidegate, which say where it is: $home.

jar=$home/lib/tidegate.jar

# Class data are used where they lie. At another address, Java's choice, all of them would have to be changed and copied at each start:
# some 50 MB, and a tenth of a second.
in_place="-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"

fail() {
    echo "tidegate: $*" >&2
    exit 1
}

# Whether there is a Java in $1 that is new enough, by what it says of itself.
is_new_enough() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
        JAVA_VERSION=*)
            line=${line#JAVA_VERSION=\"}
            [ "${line%%[!0-9]*}" -ge 17 ]
            return
            ;;
        esac
    done <"$1/release"
    return 1
}

# Sets java_home: the Java that was named, that was installed along with the program, that is found first, or any other.
find_java() {
    if [ -n "${JAVA_HOME-}" ]; then
        is_new_enough "$JAVA_HOME" || fail "JAVA_HOME is $JAVA_HOME, and there is no Java 17 or newer"
        java_home=$JAVA_HOME
        return
    fi
    java_home=$home/runtime
    if is_new_enough "$java_home"; then
        return
    fi
    found=$(command -v java || true)
    if [ -n "$found" ]; then
        found=$(readlink -f "$found")
        java_home=${found%/bin/java}
        if is_new_enough "$java_home"; then
            return
        fi
    fi
    for java_home in /usr/lib/jvm/*; do
        if is_new_enough "$java_home"; then
            return
        fi
    done
    fail "Java 17 or newer is needed: install it (on Debian openjdk-17-jre-headless), or say by JAVA_HOME where it is"
}

# Sets class_data_name, by what class data depend on: those of another Java or another version are not even looked at. Sets
# class_data to the file, which is empty if it could not be made, and to nothing if that was not tried yet.
find_class_data() {
    class_data=
    class_data_name=
    made_of=$(stat -L -c %Y.%s "$jar" "$java_home/lib/modules" "$java_home/lib/server/libjvm.so" 2>/dev/null) || return 0
    IFS='
'
    set -- $made_of
    unset IFS
    class_data_name=tidegate-$1-$2-$3.jsa
    for directory in "$home/lib/classes" "$(private_class_data)"; do
        if [ -e "$directory/$class_data_name" ]; then
            class_data=$directory/$class_data_name
            return
        fi
    done
}

# Where they are if not for all users. Not in somebody else's home: what is in them is run.
private_class_data() {
    if [ -n "${HOME-}" ] && [ -O "$HOME" ]; then
        echo "$HOME/.cache/tidegate"
    fi
}
