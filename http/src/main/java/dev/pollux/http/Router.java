package dev.pollux.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Chooses a handler by path and method. Immutable: each method returns a router with one more
/// route.
///
/// ```java
/// Router router =
///         Router.EMPTY
///                 .get("/healthz", _ -> Response.text("ok\n"))
///                 .prefix("/", StaticFiles.of(folder));
/// ```
///
/// An exact path goes before a prefix, a longer prefix before a shorter one. A path that no route
/// knows is answered with 404, a method that the path's route does not know with 405 and `Allow`, a
/// method that no route knows at all with 501. A route for GET answers HEAD too, and OPTIONS is
/// answered for every path.
public final class Router implements Handler {
    /// A router without routes.
    public static final Router EMPTY = new Router(Map.of(), new TreeMap<>());

    private static final Set<String> USUAL_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE");

    /// The handlers of one path by method, and what to say to other methods.
    private record Route(Map<String, Handler> handlers, String allow) {
        static final Route NONE = new Route(Map.of(), "");

        Route with(String method, String path, Handler handler) {
            var more = new HashMap<>(handlers);
            if (more.putIfAbsent(method, handler) != null) {
                throw new IllegalArgumentException("two routes for " + method + " " + path);
            }
            var methods = new TreeSet<>(more.keySet());
            methods.add("OPTIONS");
            if (more.containsKey("GET")) {
                methods.add("HEAD");
            }
            return new Route(Map.copyOf(more), String.join(", ", methods));
        }

        @Nullable Handler find(String method) {
            Handler handler = handlers.get(method);
            return handler == null && method.equals("HEAD") ? handlers.get("GET") : handler;
        }
    }

    private final Map<String, Route> exact;

    /// Never changed once the router is made.
    private final NavigableMap<String, Route> prefixes;

    private Router(Map<String, Route> exact, NavigableMap<String, Route> prefixes) {
        this.exact = exact;
        this.prefixes = prefixes;
    }

    /// {@return this router with a route for GET, and so for HEAD}
    ///
    /// @param path the whole path, decoded, beginning with a slash
    /// @param handler what answers
    public Router get(String path, Handler handler) {
        return route("GET", path, handler);
    }

    /// {@return this router with a route for one path}
    ///
    /// @param method the method
    /// @param path the whole path, decoded, beginning with a slash
    /// @param handler what answers
    /// @throws IllegalArgumentException when there is such a route already, or path or method are
    ///   none
    public Router route(String method, String path, Handler handler) {
        require(method, path);
        var more = new LinkedHashMap<>(exact);
        more.put(path, exact.getOrDefault(path, Route.NONE).with(method, path, handler));
        return new Router(Map.copyOf(more), prefixes);
    }

    /// {@return this router with a route for GET, and so for HEAD, of all paths that begin alike}
    ///
    /// @param prefix how they begin: from slash to slash
    /// @param handler what answers
    public Router prefix(String prefix, Handler handler) {
        return prefix("GET", prefix, handler);
    }

    /// {@return this router with a route for all paths that begin alike}
    ///
    /// @param method the method
    /// @param prefix how they begin: from slash to slash
    /// @param handler what answers
    /// @throws IllegalArgumentException when there is such a route already, or prefix or method are
    ///   none
    public Router prefix(String method, String prefix, Handler handler) {
        require(method, prefix);
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix ends with a slash: " + prefix);
        }
        var more = new TreeMap<>(prefixes);
        more.put(prefix, prefixes.getOrDefault(prefix, Route.NONE).with(method, prefix, handler));
        return new Router(exact, more);
    }

    private static void require(String method, String path) {
        Headers.requireName(method);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
    }

    /// Wants what the handler of the route wants; where there is none, nothing.
    @Override
    public boolean wantsBody(Request head) {
        Route route = find(head.path());
        Handler handler = route == null ? null : route.find(head.method());
        return handler != null && handler.wantsBody(head);
    }

    @Override
    public Response handle(Request request) throws Exception {
        String path = request.path();
        Route route = find(path);
        Handler handler = route == null ? null : route.find(request.method());
        if (handler != null) {
            return handler.handle(request);
        }
        return otherwise(request.method(), path, route);
    }

    private Response otherwise(String method, String path, @Nullable Route route) {
        if (path.equals("*")) {
            return options("GET, HEAD, OPTIONS");
        }
        if (!isKnown(method)) {
            return Response.plain(Status.NOT_IMPLEMENTED);
        }
        if (route == null) {
            return Response.plain(Status.NOT_FOUND);
        }
        if (method.equals("OPTIONS")) {
            return options(route.allow);
        }
        return Response.plain(Status.METHOD_NOT_ALLOWED).withHeader("Allow", route.allow);
    }

    private static Response options(String allow) {
        return Response.of(Status.NO_CONTENT).withHeader("Allow", allow);
    }

    private boolean isKnown(String method) {
        return USUAL_METHODS.contains(method)
                || exact.values().stream().anyMatch(r -> r.handlers.containsKey(method))
                || prefixes.values().stream().anyMatch(r -> r.handlers.containsKey(method));
    }

    private @Nullable Route find(String path) {
        Route route = exact.get(path);
        if (route != null) {
            return route;
        }
        // The longest prefix sorts last among those that the path begins with.
        for (var e = prefixes.floorEntry(path); e != null; e = prefixes.lowerEntry(e.getKey())) {
            if (path.startsWith(e.getKey())) {
                return e.getValue();
            }
        }
        return null;
    }
}
