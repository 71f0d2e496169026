package io.tidegate.admin;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.StandardEmitterMBean;

/** An MXBean that tells JMX clients what its interface says in {@link Meaning}; by itself JMX has neither names nor texts. */
final class DescribedBean<T> extends StandardEmitterMBean {

    private final T bean;
    private final Class<T> view;

    DescribedBean(T bean, Class<T> view) {
        super(bean, view, true, bean instanceof NotificationEmitter emitter ? emitter : silent());
        this.bean = bean;
        this.view = view;
        // The superclass made one in its constructor, when nothing was known here.
        cacheMBeanInfo(null);
    }

    /** Of a bean that sends no notifications. */
    private static NotificationEmitter silent() {
        return new NotificationBroadcasterSupport();
    }

    @Override
    public ObjectName preRegister(MBeanServer server, ObjectName name) throws Exception {
        if (bean instanceof Named named) {
            named.registeredAs(name);
        }
        return super.preRegister(server, name);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        Meaning meaning = view.getAnnotation(Meaning.class);
        return meaning == null ? super.getDescription(info) : meaning.value();
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        String getter = (info.isIs() ? "is" : "get") + info.getName();
        return method(method -> method.getName().equals(getter))
                .map(method -> method.getAnnotation(Meaning.class))
                .map(Meaning::value)
                .orElseGet(() -> super.getDescription(info));
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return operation(info).map(Meaning::value).orElseGet(() -> super.getDescription(info));
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        return operation(info).map(Meaning::impact).orElseGet(() -> super.getImpact(info));
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int sequence) {
        return parameter(operation, sequence)
                .map(Meaning::name)
                .orElseGet(() -> super.getParameterName(operation, parameter, sequence));
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo parameter, int sequence) {
        return parameter(operation, sequence)
                .map(Meaning::value)
                .orElseGet(() -> super.getDescription(operation, parameter, sequence));
    }

    private Optional<Meaning> operation(MBeanOperationInfo info) {
        return method(info).map(method -> method.getAnnotation(Meaning.class));
    }

    private Optional<Meaning> parameter(MBeanOperationInfo operation, int sequence) {
        return method(operation).flatMap(method -> Stream.<Annotation>of(method.getParameterAnnotations()[sequence])
                .filter(Meaning.class::isInstance)
                .map(Meaning.class::cast)
                .findAny());
    }

    /** No operation has the name of another. */
    private Optional<Method> method(MBeanOperationInfo info) {
        return method(method ->
                method.getName().equals(info.getName()) && method.getParameterCount() == info.getSignature().length);
    }

    private Optional<Method> method(Predicate<Method> is) {
        return Arrays.stream(view.getMethods()).filter(is).findAny();
    }
}
