package io.tidegate.control;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's registration with the JVM's platform MBean server. Opens no port. */
public final class Jmx implements AutoCloseable {

    private static final String NAME = "io.tidegate:type=Server";
    private static final Logger log = LoggerFactory.getLogger(Jmx.class);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName name;

    private Jmx(ServerMXBean bean, String instance) throws JMException {
        name = register(bean, instance);
    }

    /**
     * Registers the bean.
     *
     * @param instance tells a second server in the same JVM from the first: its bean has {@code ,instance=…} in its name
     */
    public static Jmx register(ServerMXBean bean, int instance) {
        try {
            return new Jmx(bean, String.valueOf(instance));
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME, e);
        }
    }

    private ObjectName register(ServerMXBean bean, String instance) throws JMException {
        var first = new ObjectName(NAME);
        try {
            return server.registerMBean(bean, first).getObjectName();
        } catch (InstanceAlreadyExistsException e) {
            return server.registerMBean(bean, new ObjectName(NAME + ",instance=" + instance))
                    .getObjectName();
        }
    }

    /** Takes the bean out again. */
    @Override
    public void close() {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            log.debug("{} was not registered any more", name, e);
        }
    }
}
