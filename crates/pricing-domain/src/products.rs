//! What a product is to the people who price it.

use crate::text_enum::text_enum;

text_enum! {
    /// The part a product plays in the assortment.
    Role {
        /// By which customers judge us.
        KeyValue = "kvi",
        /// Brings people in.
        Traffic = "traffic",
        /// Earns the money.
        Profit = "profit",
        /// Rounds the assortment off.
        Tail = "tail",
    }
}

text_enum! {
    /// Where a product stands in its life.
    Lifecycle {
        /// Newly listed.
        New = "new",
        /// Sold as usual.
        Regular = "regular",
        /// Sold off, not ordered again.
        PhaseOut = "phase_out",
        /// No longer sold: not priced.
        Ended = "ended",
    }
}

text_enum! {
    /// Which cost an amount is; a margin always names it.
    CostType {
        /// As the supplier bills it.
        Invoice = "invoice",
        /// With freight and duty.
        Landed = "landed",
        /// After supplier funding.
        NetNet = "net_net",
        /// What buying it again would cost.
        Replacement = "replacement",
    }
}

text_enum! {
    /// The legal unit of a unit price.
    ContentUnit {
        /// Kilogram.
        Kilogram = "kg",
        /// Litre.
        Litre = "l",
        /// Piece.
        Piece = "piece",
        /// Metre.
        Metre = "m",
        /// Square metre.
        SquareMetre = "m2",
    }
}
