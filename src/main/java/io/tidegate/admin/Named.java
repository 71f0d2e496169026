package io.tidegate.admin;

import javax.management.ObjectName;

/** A bean that has to know its name: the source of its notifications, which a remote listener could not be sent itself. */
public interface Named {

    /** Called before it can be reached by that name. */
    void registeredAs(ObjectName name);
}
