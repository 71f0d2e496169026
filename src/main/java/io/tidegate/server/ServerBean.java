package io.tidegate.server;

import io.tidegate.control.ServerMXBean;

/** The server behind its JMX bean. */
record ServerBean(Tidegate server) implements ServerMXBean {

    @Override
    public String getState() {
        return server.state().name();
    }

    @Override
    public long getConnections() {
        return server.connections().open();
    }

    @Override
    public long getUpdates() {
        return server.updates();
    }

    @Override
    public String getLastPosition() {
        return server.position().toString();
    }

    @Override
    public String getTcpAddress() {
        return Tidegate.shown(server.tcpAddress());
    }

    @Override
    public String getHttpAddress() {
        return Tidegate.shown(server.httpAddress());
    }

    @Override
    public void shutdown() {
        server.beginDrain("JMX");
    }
}
