package dev.pollux.engines;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// A part of the contract that every engine keeps: run for each model this machine offers, with one
/// loop and with two, and the same bytes expected from all.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#all")
@Timeout(60)
public @interface EngineContract {}
