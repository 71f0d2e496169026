package io.tidegate.admin;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's registration with the JVM's platform MBean server. Opens no port. */
public final class Jmx implements AutoCloseable {

    private static final String DOMAIN = "io.tidegate";
    private static final Logger log = LoggerFactory.getLogger(Jmx.class);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<ObjectName> names = new ArrayList<>();

    private Jmx() {}

    /**
     * Registers the beans.
     *
     * @param instance tells a second server in the same JVM from the first: its beans have {@code ,instance=…} in their names
     */
    public static Jmx register(ServerMXBean bean, ConnectionsMXBean connections, int instance) {
        var jmx = new Jmx();
        jmx.register("Server", new DescribedBean<>(bean, ServerMXBean.class), instance);
        jmx.register("Connections", new DescribedBean<>(connections, ConnectionsMXBean.class), instance);
        return jmx;
    }

    private void register(String type, Object bean, int instance) {
        String name = DOMAIN + ":type=" + type;
        try {
            names.add(register(bean, name, name + ",instance=" + instance));
        } catch (JMException e) {
            close();
            throw new IllegalStateException("cannot register " + name, e);
        }
    }

    private ObjectName register(Object bean, String name, String nameIfTaken) throws JMException {
        try {
            return server.registerMBean(bean, new ObjectName(name)).getObjectName();
        } catch (InstanceAlreadyExistsException e) {
            return server.registerMBean(bean, new ObjectName(nameIfTaken)).getObjectName();
        }
    }

    /** Takes the beans out again. */
    @Override
    public void close() {
        for (ObjectName name : names) {
            try {
                server.unregisterMBean(name);
            } catch (JMException e) {
                log.debug("{} was not registered any more", name, e);
            }
        }
    }
}
