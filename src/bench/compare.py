#!/usr/bin/env python3
"""compare - Tidegate, its peers and the physical limit, measured in turns on one machine.

  compare.py                           all tables
  compare.py fanout lone               these tables
  compare.py fanout --sizes 200,1000 --loads 1000xR100,100xW64 --repeats 5

Prints tables for docs/benchmarks.md: medians, in brackets the least and the most. The runs go A B C A B C …; before each table a server
is warmed up. Client and server share the processors, so that rates depend on the client as well: what counts are ratios, and the CPU
time of the server, which the client reads from /proc.

  fanout      deliveries for each CPU second of the server; W64: closed loop of 64 on their way, R100: 100 a second
  selections  followers that each want another part of what is put
  lone        one put at a time: until a follower has it, until it is acknowledged, and what it costs
  publish     64 publishers of 64 and of 1 on their way
  connect     5,000 connections
  transports  TCP, server-sent events and WebSocket
  laggards    followers that stop reading, and the others
  stop        SIGTERM with 100 updates in flight to each of 5,000 followers
  start       until the first connection is accepted, and what an idle server takes
  snapshot    a million documents to 1 and to 16 readers
  http        single PUT and GET, bulk POST, beside the same work by the line protocol

Needs Linux, gcc, python3, a JDK, `ulimit -n` of 20,000, and target/tidegate.jar. Peers are redis-server with redis-benchmark and
nats-server, as they are found on the PATH; one that is not there is left out. Loopback only; ends only what it started.
"""
import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PATIENCE_S = 60
CONNECTIONS = 5_000
DOCUMENTS = 1_000_000

options = None
work = None


# ---- servers


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """One server process with a directory of its own; `client` is how fanload speaks to it."""

    NAME = None
    PROGRAM = None

    def __init__(self, name, command, client):
        self.name = name
        self.directory = tempfile.mkdtemp(prefix='server-', dir=work)
        self.environment = {}
        self.port = free_port()
        self.command = command(self)
        self.client = client
        self.process = None

    def start(self):
        began = time.monotonic()
        with open(os.path.join(self.directory, 'log'), 'ab') as log:
            self.process = subprocess.Popen(self.command, cwd=self.directory, stdout=log, stderr=log, env={**os.environ, **self.environment})
        while True:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                self.start_s = time.monotonic() - began
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() - began > PATIENCE_S:
                    with open(os.path.join(self.directory, 'log')) as log:
                        sys.exit('%s did not start: %s' % (self.name, log.read()[-2000:]))
                time.sleep(0.002)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def cpu_s(self):
        with open('/proc/%d/stat' % self.process.pid) as stat:
            fields = stat.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def rss_mb(self):
        with open('/proc/%d/status' % self.process.pid) as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1)) / 1024

    def load(self, *more):
        """A run of fanload against it; what that found."""
        return self.fanload(*self.client, *more)

    def read(self, readers, request):
        """What so many readers get for a request, until the server closes."""
        return self.fanload('--proto', 'line', '--subs', readers, '--pubs', 0, '--verify', 0, '--sync', '--sub-line', request)

    def fanload(self, *arguments):
        return measured(program('fanload'), '--port', self.port, '--server-pid', self.process.pid, *arguments)

    def lone(self, protocol, until, count=2_000, port=None, size=200):
        return measured(program('lone'), protocol, port or self.port, self.process.pid, count, size, until)


class Tidegate(Server):
    NAME = 'Tidegate'
    CLIENT = ['--proto', 'line', '--sub-line', 'updates\\n', '--sub-ready', '"subscribed"', '--pub-line', 'put orders k%k ', '--keys', 100]

    def __init__(self, name=NAME, durability='sync', program=None, settings=(), java_options=None):
        def command(server):
            server.http_port = free_port()
            chosen = {'tcp.port': server.port, 'http.port': server.http_port, 'admin.port': free_port(),
                      'store.directory': os.path.join(server.directory, 'store'), 'store.durability': durability}
            sets = ['-Dtidegate.%s=%s' % each for each in chosen.items()] + ['-Dtidegate.' + each for each in (*options.set, *settings)]
            if program:
                server.environment = {'JAVA_OPTS': ' '.join(sets)}
                return [program, 'serve']
            given = options.java_options if java_options is None else java_options
            return [options.java, *given.split(), *sets, '-jar', os.path.abspath(options.jar), 'serve']

        super().__init__(name, command, self.CLIENT)

    def bench(self, *arguments):
        """A run of the program's own bench; what that found."""
        return measured(options.java, '-jar', os.path.abspath(options.jar), 'bench', '--json', '--port', self.port, '--http-port', self.http_port,
                        '--server-pid', self.process.pid, '--warmup', 2, *arguments)

    def publish(self, pipeline, by='line'):
        """Acknowledged changes a second of 64 publishers, and what each costs."""
        report = self.bench('--followers', 0, '--publishers', 64, '--pipeline', pipeline, '--publish-by', by, '--seconds', options.seconds)
        rate = report['acknowledgedPerSecond']
        return {'rate': rate, 'cpu_us': report['server']['cpuSeconds'] * 1e6 / (rate * report['seconds'])}

    def warm_up(self):
        for window in (512, 16):
            self.load('--subs', 500, '--secs', options.warm_up / 2, '--warm', 0.2, '--window', window)


class Redis(Server):
    NAME = 'Redis'
    PROGRAM = 'redis-server'

    def __init__(self, name=NAME, append_only=None):
        def command(server):
            store = ['--appendonly', 'no'] if append_only is None else ['--appendonly', 'yes', '--appendfsync', append_only]
            return ['redis-server', '--port', str(server.port), '--bind', '127.0.0.1', '--save', '', *store, '--maxclients', '19000',
                    '--client-output-buffer-limit', 'pubsub', '0', '0', '0', '--tcp-backlog', '4096']

        super().__init__(name, command, ['--proto', 'redis'])

    def publish(self, pipeline):
        """The same by Redis's own benchmark."""
        changes = 20_000 * pipeline if pipeline > 1 else 100_000
        before = self.cpu_s()
        done = subprocess.run(['redis-benchmark', '-p', str(self.port), '-t', 'set', '-P', str(pipeline), '-c', '64', '-d', '128', '-r', '100',
                               '-n', str(changes), '--csv'], capture_output=True, text=True, timeout=300, check=True)
        rate = float(done.stdout.strip().splitlines()[-1].split(',')[1].strip('"'))
        return {'rate': rate, 'cpu_us': (self.cpu_s() - before) * 1e6 / changes}


class Nats(Server):
    NAME = 'NATS'
    PROGRAM = 'nats-server'

    def __init__(self, name=NAME, jet_stream=False):
        def command(server):
            config = os.path.join(server.directory, 'nats.conf')
            with open(config, 'w') as file:
                file.write('listen: "127.0.0.1:%d"\nmax_connections: 60000\nmax_pending: 1073741824\nwrite_deadline: "60s"\n' % server.port)
                if jet_stream:
                    file.write('jetstream { store_dir: "%s" }\n' % server.directory)
            return ['nats-server', '-c', config]

        super().__init__(name, command, ['--proto', 'nats'])


class Limit(Server):
    """The least that a broadcaster can do; see limit.c."""

    NAME = 'limit'

    def __init__(self, name=NAME):
        super().__init__(name, lambda server: [program('limit'), str(server.port)], ['--proto', 'line'])


def present_of(*kinds):
    """Those of the kinds of servers whose programs are there."""
    return [kind for kind in kinds if kind.PROGRAM is None or shutil.which(kind.PROGRAM)]


def present(kind):
    return bool(present_of(kind))


def program(name):
    """A program of this directory, built when it is needed first."""
    built = os.path.join(work, name)
    if not os.path.exists(built):
        subprocess.run(['gcc', '-O3', '-march=native', '-w', '-o', built, os.path.join(HERE, name + '.c')], check=True)
    return built


def measured(*command):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, timeout=300)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        sys.exit('%s: %s%s' % (' '.join(map(str, command)), done.stdout, done.stderr))


# ---- what is printed


class Running:
    """Servers that run while a table is made; Tidegate's code is compiled by then, unless they are to be cold."""

    def __init__(self, servers, warm=True):
        self.servers = servers
        self.warm = warm

    def __enter__(self):
        for server in self.servers:
            server.start()
            if self.warm and isinstance(server, Tidegate):
                server.warm_up()
        return self.servers

    def __exit__(self, *failure):
        for server in self.servers:
            if server.process:
                server.stop()


def title(name, text):
    print('\n### %s\n\n%s, load average %.1f\n' % (name, text, os.getloadavg()[0]), flush=True)


def table(head, rows):
    print('| ' + ' | '.join(head) + ' |')
    print('|' + '---|' * len(head))
    for row in rows:
        print('| ' + ' | '.join(row) + ' |', flush=True)


def shown(value):
    return '%.0f' % value if value >= 100 else '%.3g' % value


def middle(values):
    return '%s (%s to %s)' % (shown(statistics.median(values)), shown(min(values)), shown(max(values)))


def ratio(values, others):
    return '%.2f' % (statistics.median(values) / statistics.median(others)) if values and others and statistics.median(others) else '–'


def in_turns(each, run):
    """What `run` returns for each of these, which have names, in turns; a list for each name."""
    found = {name: [] for name in each}
    for _ in range(options.repeats):
        for name, one in each.items():
            found[name].append(run(one))
    return found


def by_name(servers):
    return {server.name: server for server in servers}


def alone(kinds, run, warm=True):
    """The same of kinds of servers, of which each run has one of its own."""

    def started(kind):
        with Running([kind()], warm) as (server,):
            return run(server)

    return in_turns({kind.NAME: kind for kind in kinds}, started)


def of(results, key, scale=1.0):
    return [each[key] * scale for each in results]


# ---- tables


def fanout():
    """Deliveries for each CPU second."""
    title('Fan-out', 'Deliveries for each CPU second of the server, in millions; p50/p99 in ms from publisher to follower')
    rows = []
    servers = [kind() for kind in present_of(Tidegate, Limit, Redis, Nats)]
    with Running(servers):
        for size in options.sizes.split(','):
            for load in options.loads.split(','):
                followers, _, kind = load.partition('x')
                how = ['--subs', followers, '--size', size, '--secs', options.seconds, '--warm', 1,
                       *(['--window', kind[1:]] if kind[0] == 'W' else ['--window', 0, '--rate', kind[1:]])]
                found = in_turns(by_name(servers), lambda server: server.load(*how))
                per_cpu = {name: of(each, 'deliveries_per_server_cpu_s', 1e-6) for name, each in found.items()}
                bad = sum(run['lost'] + run['dup'] + run['out_of_order'] for run in found['Tidegate'])
                rest = [name for name in ('Redis', 'NATS') if name in per_cpu]
                best = max((per_cpu[name] for name in rest), key=statistics.median, default=[])
                times = ', '.join('%s %s/%s' % (name, shown(statistics.median(of(found[name], 'p50_us', 1e-3))),
                                                shown(statistics.median(of(found[name], 'p99_us', 1e-3)))) for name in ('Tidegate', *rest[:1]))
                rows.append([load, size, middle(per_cpu['Tidegate']), middle(per_cpu['limit']),
                             *(middle(per_cpu[name]) if name in per_cpu else '–' for name in ('Redis', 'NATS')),
                             ratio(per_cpu['Tidegate'], per_cpu['limit']), ratio(per_cpu['Tidegate'], best), times, str(bad)])
    table(['load', 'bytes', 'Tidegate', 'limit', 'Redis', 'NATS', 'of the limit', 'of the best peer', 'p50/p99', 'faults'], rows)


# What is measured, of how many keys, their load, and what Tidegate's clients say; of the others a key is a topic.
SHAPES = [
    ('1,000 documents of 100,000, 10,000 puts a second', 100_000, ('--window', 0, '--rate', 10_000), 'updates orders/k%k\\n', 'put orders k%k '),
    ('1,000 collections, 64 puts on their way', 1000, ('--window', 64), 'updates c%k\\n', 'put c%k k '),
    ('100 collections of 10 followers, 64 puts on their way', 100, ('--window', 64), 'updates c%k\\n', 'put c%k k '),
]


def selections():
    """Followers who choose."""
    title('Selections', '1,000 followers; CPU of the server in µs for each update, and for each delivery of one')
    rows = []
    servers = [kind() for kind in present_of(Tidegate, Redis, Nats)]
    with Running(servers):
        for shape, keys, load, request, put in SHAPES:
            how = ['--subs', 1000, '--by-key', '--keys', keys, '--secs', options.seconds, '--warm', 1, *load, '--sub-line', request, '--pub-line', put]
            found = in_turns(by_name(servers), lambda server: server.load(*how))
            best = min((each for name, each in found.items() if name != Tidegate.NAME), default=None,
                       key=lambda each: statistics.median(of(each, 'server_us_per_delivery')))
            for name, each in found.items():
                rows.append([shape, name, middle([run['server_cpu_s'] * 1e6 / (run['msgs_per_s'] * run['wall_s']) for run in each]),
                             middle(of(each, 'server_us_per_delivery')), middle(of(each, 'msgs_per_s')),
                             '%s/%s' % (shown(statistics.median(of(each, 'p50_us', 1e-3))), shown(statistics.median(of(each, 'p99_us', 1e-3)))),
                             str(sum(run['lost'] + run['dup'] + run['out_of_order'] + run['errors'] for run in each)),
                             ratio(of(best, 'server_us_per_delivery'), of(each, 'server_us_per_delivery')) if best else '–'])
    table(['', 'server', 'each update', 'each delivery', 'updates a second', 'p50/p99', 'faults', 'beside the best peer'], rows)


def lone():
    """One put at a time."""
    title('One put at a time', 'µs; 200 bytes; CPU is the server\'s')
    rows = []
    for durability, redis, until in (('os', None, 'seen'), ('os', 'everysec', 'acknowledged'), ('sync', 'always', 'acknowledged')):
        servers = [(Tidegate(durability=durability), 'line')]
        if present(Redis):
            servers.append((Redis(append_only=redis), 'redis'))
        if present(Nats) and durability == 'os':
            servers.append((Nats('JetStream', jet_stream=True), 'nats'))
        protocols = {server.name: protocol for server, protocol in servers}
        with Running([server for server, _ in servers]) as running:
            found = in_turns(by_name(running), lambda server: server.lone(protocols[server.name], until))
        for name, each in found.items():
            rows.append(['%s, until %s' % (durability, until), name, middle(of(each, 'p50_us')), middle(of(each, 'p99_us')),
                         middle(of(each, 'server_cpu_us')), ratio(of(each, 'p50_us'), of(found['Tidegate'], 'p50_us'))])
    table(['', 'server', 'p50', 'p99', 'CPU each', 'p50 beside Tidegate'], rows)


def publish():
    """64 publishers."""
    title('Publishing', 'Acknowledged changes a second, 64 publishers, 128 bytes; CPU is the server\'s, µs for each')
    rows = []
    for durability, append_only in (('sync', 'always'), ('os', 'everysec')):
        servers = [Tidegate(durability=durability)] + [Redis(append_only=append_only)] * present(Redis)
        with Running(servers):
            for pipeline in (64, 1):
                found = in_turns(by_name(servers), lambda server: server.publish(pipeline))
                for name, each in found.items():
                    rows.append(['%s, 64 × %d' % (durability, pipeline), name, middle(of(each, 'rate')), middle(of(each, 'cpu_us')),
                                 ratio(of(found['Tidegate'], 'rate'), of(each, 'rate'))])
    table(['', 'server', 'changes a second', 'CPU each', 'Tidegate beside it'], rows)


def connect():
    """Connections."""
    title('Connecting', '%s connections; cold is the first time, warm the fifth; memory after the first' % format(CONNECTIONS, ','))
    found = alone(present_of(Tidegate, Limit, Redis, Nats),
                  lambda server: [server.load('--subs', CONNECTIONS, '--idle', 0.5) for _ in range(5)], warm=False)
    rows = []
    for name, runs in found.items():
        cold, warm = [each[0] for each in runs], [each[-1] for each in runs]
        rows.append([name, middle(of(cold, 'connects_per_s')), middle(of(warm, 'connects_per_s')), middle(of(cold, 'connect_cpu_us_per_conn')),
                     middle(of(warm, 'connect_cpu_us_per_conn')), middle(of(cold, 'rss_bytes_per_conn', 1 / 1024))])
    table(['server', 'a second, cold', 'a second, warm', 'CPU µs, cold', 'CPU µs, warm', 'KiB each'], rows)


def transports():
    """TCP, server-sent events, WebSocket."""
    title('Transports', 'Deliveries for each CPU second of the server, in millions, 1,000 followers')
    rows = []
    with Running([Tidegate()]) as (server,):
        for load in (('--window', 1024), ('--rate', 1000)):
            found = in_turns({each: each for each in ('tcp', 'sse', 'websocket')}, lambda transport: server.bench(
                '--followers', 1000, '--transport', transport, '--seconds', options.seconds, *load)['server']['deliveriesPerCpuSecond'] / 1e6)
            rows.append([' '.join(map(str, load))[2:], *(middle(each) for each in found.values())])
    table(['load', *found], rows)


def laggards():
    """Followers that stop reading, and come back from the log."""
    title('Laggards', 'Updates a second to the 900 of 1,000 followers that read all the time; 100 stop for 10 s, and come back from the log')
    with Running([Tidegate(settings=('feed.ring.bytes=4MiB',))]) as (server,):
        runs = [server.bench('--followers', 1000, '--laggards', 100, '--stall', 10, '--rate', 5000, '--seconds', 30)['stall']
                for _ in range(options.repeats)]
        others = [run['updatesPerSecondOfOthers'] for run in runs]
        table(['before', 'stalled', 'catching up', 'after', 'how much faster the 100 are'],
              [[*(middle(of(others, key)) for key in ('before', 'stalled', 'catchingUp', 'after')), middle(of(runs, 'catchUpToLiveRatio'))]])


def stop():
    """The end."""
    title('The end', 'SIGTERM with 100 updates just sent to %s followers; seconds from the signal' % format(CONNECTIONS, ','))
    found = alone(present_of(Tidegate, Limit, Redis, Nats), lambda server: server.load('--subs', CONNECTIONS, '--messages', 100, '--kill', 'TERM'))
    rows = [[name, *(middle(of(runs, key, 1e-3)) for key in ('first_close_ms', 'last_close_ms', 'exit_ms')),
             *(str(sum(of(runs, key, 1))) for key in ('lost', 'rst'))] for name, runs in found.items()]
    table(['server', 'first close', 'last close', 'exit', 'lost', 'RST'], rows)


def start():
    """The start."""
    title('The start', 'Until the first connection is accepted; CPU and memory 3 s later')
    makers = {'java -jar': lambda: Tidegate(java_options='')}
    if options.installed:
        # Once, so that its class data are there.
        Tidegate(program=options.installed).start().stop()
        makers['installed'] = lambda: Tidegate(program=options.installed)
    makers.update({kind.NAME: kind for kind in present_of(Redis, Nats)})

    def run(make):
        with Running([make()], warm=False) as (server,):
            time.sleep(3)
            return {'s': server.start_s, 'cpu': server.cpu_s(), 'rss': server.rss_mb()}

    found = in_turns(makers, run)
    table(['server', 'seconds', 'CPU seconds', 'RSS, MB'],
          [[name, *(middle(of(each, key)) for key in ('s', 'cpu', 'rss'))] for name, each in found.items()])


def snapshot():
    """Snapshots from the store."""
    title('Snapshots', '%s documents, MB/s to all readers together' % format(DOCUMENTS, ','))
    rows = []
    with Running([Tidegate(), Limit()]) as (tidegate, limit):
        post(tidegate, changes('orders', DOCUMENTS))
        for readers in (1, 16):
            requests = {tidegate.name: 'sync orders\\nquit\\n', limit.name: 'bulk 256 262144 send\\n'}
            found = in_turns(by_name([tidegate, limit]), lambda server: server.read(readers, requests[server.name]))
            rows.append([str(readers), middle(of(found['Tidegate'], 'MBps')), middle(of(found['limit'], 'MBps')),
                         ratio(of(found['Tidegate'], 'MBps'), of(found['limit'], 'MBps'))])
    table(['readers', 'Tidegate', 'limit', 'of the limit'], rows)


def send(port, lines):
    """Sends lines to the line protocol, and reads what comes until the server closes."""
    with socket.create_connection(('127.0.0.1', port), PATIENCE_S) as connection:
        sender = threading.Thread(target=connection.sendall, args=(lines.encode(),))
        sender.start()
        while connection.recv(1 << 20):
            pass
        sender.join()


VALUE = '{"pad":"%s"}' % ('x' * 180)


def changes(collection, count):
    """The body of a bulk POST."""
    return ''.join('{"collection":"%s","key":"k%07d","value":%s}\n' % (collection, i, VALUE) for i in range(count))


def post(server, body):
    subprocess.run(['curl', '-sS', '-o', os.devnull, '--fail', '--data-binary', '@-', '-H', 'Content-Type: application/x-ndjson',
                    'http://127.0.0.1:%d/v1/updates' % server.http_port], input=body.encode(), check=True, timeout=300)


def http():
    """HTTP beside the line protocol."""
    title('HTTP', 'Beside the same work by the line protocol; `os`; CPU of the server, µs for each')
    rows = []
    with Running([Tidegate(durability='os')]) as (server,):
        for how in ('line', 'put'):
            for _ in range(4):
                server.publish(1, how)
        def add(names, run):
            found = in_turns({how: how for how in names}, run)
            for how, name in names.items():
                rows.append([name, middle(found[how]), ratio(found[how], found['line'])])

        add({'line': 'one put at a time, a line', 'put': 'one PUT at a time', 'get': 'one GET at a time'}, lambda how: server.lone(
            how, 'acknowledged', port=server.port if how == 'line' else server.http_port)['server_cpu_us'])
        add({'line': '64 × 1, lines', 'put': '64 × 1, PUT'}, lambda how: server.publish(1, how)['cpu_us'])
        documents = 200_000
        lines = ''.join('put bulk k%07d %s\n' % (i, VALUE) for i in range(documents)) + 'quit\n'
        body = changes('bulk', documents)

        def bulk(how):
            before = server.cpu_s()
            if how == 'line':
                send(server.port, lines)
            else:
                post(server, body)
            return (server.cpu_s() - before) * 1e6 / documents

        add({'line': 'lines without waiting', 'post': 'one POST of many'}, bulk)
    table(['', 'CPU each', 'beside lines'], rows)


TABLES = {each.__name__: each for each in (fanout, selections, lone, publish, connect, transports, laggards, stop, start, snapshot, http)}


def main():
    global options, work
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('tables', nargs='*', metavar='TABLE', help=', '.join(TABLES))
    parser.add_argument('--jar', default=os.path.join(ROOT, 'target', 'tidegate.jar'))
    parser.add_argument('--installed', metavar='COMMAND', help='bin/tidegate of an installation, to start that as well')
    parser.add_argument('--java', default='java')
    parser.add_argument('--java-options', default='-Xms1g -Xmx1g')
    parser.add_argument('--set', action='append', default=[], metavar='KEY=VALUE', help='a setting of Tidegate, without tidegate.')
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=3, help='how long a run is measured')
    parser.add_argument('--warm-up', type=float, default=25, help='seconds of load before a table')
    parser.add_argument('--sizes', default='200', help='bytes of a message: 100,128,200,1000,4000')
    parser.add_argument('--loads', default='1000xW1024,1000xW64,1000xR1000,1000xR100,100xW64,100xR1000,100xR100,5000xW64')
    options = parser.parse_args()
    for name in options.tables:
        if name not in TABLES:
            parser.error('there is no table %s: %s' % (name, ', '.join(TABLES)))
    with tempfile.TemporaryDirectory(prefix='compare-') as directory:
        work = directory
        print('%s, %d processors, %s' % (os.uname().release, os.cpu_count(), version()))
        for name in options.tables or TABLES:
            TABLES[name]()


def version():
    return subprocess.run([options.java, '-version'], capture_output=True, text=True).stderr.splitlines()[0]


if __name__ == '__main__':
    main()
