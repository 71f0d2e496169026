package io.tidegate.admin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.management.MBeanOperationInfo;

/** What JMX clients show of a bean, an attribute, an operation or a parameter. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@interface Meaning {

    /** The impact of an operation that changes something and says what came of it. */
    int CHANGES = MBeanOperationInfo.ACTION_INFO;

    /** A sentence for people. */
    String value();

    /** Of a parameter: its name. */
    String name() default "";

    /** Of an operation: whether it changes something. */
    int impact() default MBeanOperationInfo.INFO;
}
